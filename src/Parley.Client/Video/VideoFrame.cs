using Parley.Protocol;

namespace Parley.Client.Video;

/// <summary>One encoded picture that arrived whole.</summary>
/// <param name="ParticipantId">Whose it is.</param>
/// <param name="Source">Their camera or their screen.</param>
/// <param name="Timestamp">90 kHz, unwrapped; continuous within a slot, also across a change of participant.</param>
/// <param name="IsKeyframe">Whether a decoder may begin here.</param>
public readonly record struct VideoFrameInfo(string ParticipantId, VideoSourceKind Source, long Timestamp, bool IsKeyframe);
