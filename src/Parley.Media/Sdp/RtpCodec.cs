namespace Parley.Media.Sdp;

/// <summary>One payload type of an m= line: its rtpmap, fmtp and rtcp-fb lines together (RFC 8866 §6.6, §6.15; RFC 4585 §4.2).</summary>
public sealed record RtpCodec
{
    /// <summary>The name of retransmissions (RFC 4588 §8.6).</summary>
    internal const string Rtx = "rtx";

    /// <summary>Their parameter that names the payload type of what they repeat.</summary>
    internal const string Apt = "apt";

    /// <summary>0–127.</summary>
    public required byte PayloadType { get; init; }

    /// <summary>The encoding's name as written; compare without case.</summary>
    public required string Name { get; init; }

    /// <summary>RTP ticks per second.</summary>
    public required int ClockRate { get; init; }

    /// <summary>Audio channels; 1 when not written.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Format parameters in the order written; names compare without case. A value without a name (`0-15`) is a key with
    /// an empty value.
    /// </summary>
    public OrderedDictionary<string, string> Parameters { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Feedback messages, for example `nack pli`; those given for all payload types (`*`) included.</summary>
    public IReadOnlyList<string> Feedback { get; init; } = [];

    /// <summary>Whether the encoding has this name.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
