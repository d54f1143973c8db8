namespace Parley.Media.Video;

/// <summary>What a <see cref="VideoFrameBuffer"/> knows of a frame that it gives.</summary>
/// <param name="Timestamp">90 kHz, unwrapped, as it was given with the packets.</param>
/// <param name="IsKeyframe">Whether a decoder may begin here.</param>
/// <param name="FirstSequence">The unwrapped sequence number of its first packet.</param>
/// <param name="LastSequence">The unwrapped sequence number of its last packet.</param>
public readonly record struct AssembledFrame(long Timestamp, bool IsKeyframe, long FirstSequence, long LastSequence);
