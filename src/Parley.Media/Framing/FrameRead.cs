namespace Parley.Media.Framing;

/// <summary>What reading a frame came to.</summary>
public enum FrameRead
{
    /// <summary>No whole frame is there.</summary>
    None,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>A frame is announced that is longer than any datagram of ours: the stream makes no sense any more.</summary>
    TooLong,
}
