namespace Parley.Media.Video;

/// <summary>What became of a packet given to a <see cref="VideoFrameBuffer"/>.</summary>
public enum VideoInsertResult
{
    /// <summary>It is held.</summary>
    Accepted,

    /// <summary>It is held already.</summary>
    Duplicate,

    /// <summary>Its frame was given, or given up.</summary>
    Late,

    /// <summary>It is no VP8 payload (RFC 7741 §4.2), has none behind its descriptor, or is too long.</summary>
    Malformed,
}
