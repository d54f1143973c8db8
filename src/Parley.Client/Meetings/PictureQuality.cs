using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>How what is seen of someone compares with what the size asked for could use.</summary>
/// <param name="ParticipantId">Whose picture.</param>
/// <param name="Source">Their camera or their screen.</param>
/// <param name="Level">All, less, or nothing for now: a paused picture comes back by itself.</param>
/// <param name="Reason">Why it is less than all.</param>
public sealed record PictureQuality(string ParticipantId, VideoSourceKind Source, SlotLevel Level, SlotLimit? Reason);
