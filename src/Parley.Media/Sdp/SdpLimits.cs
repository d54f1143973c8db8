namespace Parley.Media.Sdp;

/// <summary>
/// How large a description may be. A browser writes about 170 lines and 5 kB for each receiving video line, so 256 kB is
/// an offer of about fifty slots.
/// </summary>
public static class SdpLimits
{
    /// <summary>Characters in a description.</summary>
    public const int Length = 256 * 1024;

    /// <summary>Lines in a description.</summary>
    public const int Lines = 12_000;

    /// <summary>Characters in a line, without its end.</summary>
    public const int LineLength = 8 * 1024;

    /// <summary>m= lines in a description.</summary>
    public const int Media = 64;

    /// <summary>Formats (payload types) on one m= line.</summary>
    public const int Formats = 128;

    /// <summary>Characters in a mid: RFC 9143 §15.2 carries it in an RTP header extension, where 16 bytes always fit.</summary>
    public const int MidLength = 16;

    /// <summary>Characters in any other name: a codec, a rid, a cname, a stream id.</summary>
    public const int NameLength = 256;

    /// <summary>rtcp-fb lines for one payload type.</summary>
    public const int Feedback = 32;

    /// <summary>Entries of any other repeated attribute (extmap, rid, ssrc, candidate, …) in one section.</summary>
    public const int Entries = 256;
}
