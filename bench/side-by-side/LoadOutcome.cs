using Parley.Media.Srtp;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>What became of a load on some server.</summary>
/// <param name="Figures">Of the measured time.</param>
/// <param name="WithMedia">Who got all there was for them.</param>
/// <param name="Profile">How media was protected.</param>
/// <param name="Problem">What went wrong with one of the others; null when nothing did.</param>
internal sealed record LoadOutcome(LoadFigures Figures, int WithMedia, SrtpProfile? Profile, string? Problem);
