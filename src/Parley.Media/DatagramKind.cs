namespace Parley.Media;

/// <summary>What a datagram on the media port is, by its first byte (RFC 7983 §7).</summary>
public enum DatagramKind
{
    /// <summary>None that we speak; TURN channels and ZRTP are here too.</summary>
    Unknown,

    /// <summary>STUN: first byte 0–3.</summary>
    Stun,

    /// <summary>DTLS: first byte 20–63.</summary>
    Dtls,

    /// <summary>RTP or RTCP, multiplexed (RFC 5761): first byte 128–191.</summary>
    RtpOrRtcp,
}

/// <summary>Tells the protocols apart that share the media port.</summary>
public static class Datagrams
{
    /// <summary>Sorts a datagram by its first byte (RFC 7983 §7). Says nothing of whether the rest is well-formed.</summary>
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram) => datagram switch
    {
        [<= 3, ..] => DatagramKind.Stun,
        [>= 20 and <= 63, ..] => DatagramKind.Dtls,
        [>= 128 and <= 191, ..] => DatagramKind.RtpOrRtcp,
        _ => DatagramKind.Unknown,
    };

    /// <summary>
    /// Whether a <see cref="DatagramKind.RtpOrRtcp"/> datagram is RTCP: packet type 192–223, which RTP payload types avoid
    /// (RFC 5761 §4).
    /// </summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram is [_, >= 192 and <= 223, ..];
}
