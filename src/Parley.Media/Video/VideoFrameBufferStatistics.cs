namespace Parley.Media.Video;

/// <summary>What a <see cref="VideoFrameBuffer"/> has counted.</summary>
public record struct VideoFrameBufferStatistics
{
    /// <summary>Frames given, keyframes among them.</summary>
    public long Frames { get; internal set; }

    /// <summary>Keyframes given.</summary>
    public long Keyframes { get; internal set; }

    /// <summary>Packets held once that went into no frame given.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Packets that came twice.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Packets whose frame was given, or given up, before they came.</summary>
    public long Late { get; internal set; }

    /// <summary>Packets that are no VP8.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Gaps that held up a frame and were filled in time.</summary>
    public long Mended { get; internal set; }

    /// <summary>Times that frames were given up, until the next keyframe.</summary>
    public long GivenUp { get; internal set; }

    /// <summary>Times that a keyframe was asked for.</summary>
    public long KeyframesAsked { get; internal set; }
}
