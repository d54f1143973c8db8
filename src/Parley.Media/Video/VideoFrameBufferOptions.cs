namespace Parley.Media.Video;

/// <summary>The bounds of a <see cref="VideoFrameBuffer"/>.</summary>
public sealed record VideoFrameBufferOptions
{
    /// <summary>
    /// The most packets held, a power of two, 16–16,384: also how far apart in sequence numbers two held ones can be. Each takes up
    /// to 2 KiB.
    /// </summary>
    public int MaxPackets { get; init; } = 1024;

    /// <summary>The longest that a gap is waited for, whatever the round trip.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon a keyframe is asked for again while packets come but none of a keyframe: the request may be lost too.</summary>
    public TimeSpan KeyframeInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
