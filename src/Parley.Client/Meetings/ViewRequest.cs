using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Whom one wants to see, and how large.</summary>
/// <param name="ParticipantId">Who.</param>
/// <param name="Source">Their camera or their screen.</param>
/// <param name="Width">Pixels, 0–16,384.</param>
/// <param name="Height">Pixels, 0–16,384.</param>
/// <param name="Pinned">Somebody chose this one: where the network is narrow it is given up last.</param>
public sealed record ViewRequest(string ParticipantId, VideoSourceKind Source, int Width, int Height, bool Pinned = false);
