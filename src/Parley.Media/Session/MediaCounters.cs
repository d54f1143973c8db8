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

    /// <summary>RTP of a microphone, camera or screen that its owner has off.</summary>
    SourceOff,
}

/// <summary>What one engine has seen; received are datagrams of all kinds.</summary>
public sealed class MediaCounters : OccurrenceCounters;
