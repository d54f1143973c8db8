namespace Parley.Media.Session;

/// <summary>Why a datagram or packet was dropped; each has its own count.</summary>
public enum DropReason
{
    /// <summary>Neither STUN, DTLS, RTP nor RTCP (RFC 7983).</summary>
    NotOurs,

    /// <summary>From an address that no connection has validated.</summary>
    UnknownAddress,

    /// <summary>STUN that names no connection of ours, or that its connection refused: malformed, wrongly keyed, from the wrong role.</summary>
    Stun,

    /// <summary>Media before the handshake gave keys.</summary>
    NoKeys,

    /// <summary>SRTP or SRTCP that is forged, replayed, too old or malformed.</summary>
    Srtp,

    /// <summary>RTP that does not parse after decryption.</summary>
    Rtp,

    /// <summary>RTCP that does not parse to its end.</summary>
    Rtcp,

    /// <summary>RTP of an SSRC that no m-line announced and no MID names.</summary>
    UnknownSsrc,

    /// <summary>RTP of a payload type that was not negotiated.</summary>
    UnknownPayloadType,
}

/// <summary>What one engine has seen. Written by the network thread only, read by anyone.</summary>
public sealed class MediaCounters
{
    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private long _received;
    private long _receivedBytes;

    /// <summary>Datagrams received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes received, without UDP and IP headers.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>How many were dropped for this reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void OnReceived(int bytes)
    {
        Volatile.Write(ref _received, _received + 1);
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
    }

    internal void OnDropped(DropReason reason) => Volatile.Write(ref _drops[(int)reason], _drops[(int)reason] + 1);
}
