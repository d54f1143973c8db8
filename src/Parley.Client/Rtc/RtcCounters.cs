namespace Parley.Client.Rtc;

/// <summary>What one connection has counted; written by the media thread.</summary>
internal sealed class RtcCounters
{
    /// <summary>Media datagrams taken in.</summary>
    public long PacketsReceived { get; set; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Datagrams of media and handshake sent.</summary>
    public long PacketsSent { get; set; }

    /// <summary>Their bytes, UDP payload.</summary>
    public long BytesSent { get; set; }

    /// <summary>Datagrams that were nothing for us: from an address without consent, forged, or of no stream we know.</summary>
    public long Dropped { get; set; }

    /// <summary>Those of them that had come before (RFC 3711 §3.3.2).</summary>
    public long Replayed { get; set; }

    /// <summary>Keyframes we asked the peer for.</summary>
    public long KeyframeRequests { get; set; }

    /// <summary>Packets we asked the peer for again.</summary>
    public long Nacks { get; set; }
}
