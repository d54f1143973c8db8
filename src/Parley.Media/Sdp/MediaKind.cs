namespace Parley.Media.Sdp;

/// <summary>What an m= line carries (RFC 8866 §5.14).</summary>
public enum MediaKind
{
    Audio,
    Video,

    /// <summary>Anything else, for example `application` for a data channel.</summary>
    Other,
}
