namespace Parley.Media.Rtcp;

/// <summary>RTCP packet types (RFC 3550 §12.1, RFC 4585 §6.1).</summary>
public enum RtcpPacketType : byte
{
    /// <summary>SR.</summary>
    SenderReport = 200,

    /// <summary>RR.</summary>
    ReceiverReport = 201,

    /// <summary>SDES.</summary>
    SourceDescription = 202,

    /// <summary>BYE.</summary>
    Bye = 203,

    /// <summary>APP.</summary>
    ApplicationDefined = 204,

    /// <summary>RTPFB: the FMT says which.</summary>
    TransportFeedback = 205,

    /// <summary>PSFB: the FMT says which.</summary>
    PayloadFeedback = 206,

    /// <summary>XR (RFC 3611).</summary>
    ExtendedReport = 207,
}

/// <summary>The FMT values of feedback packets Parley reads and writes.</summary>
public static class RtcpFeedbackFormat
{
    /// <summary>RTPFB generic NACK (RFC 4585 §6.2.1).</summary>
    public const byte GenericNack = 1;

    /// <summary>RTPFB transport-wide congestion control feedback.</summary>
    public const byte TransportCc = 15;

    /// <summary>PSFB picture loss indication (RFC 4585 §6.3.1).</summary>
    public const byte PictureLossIndication = 1;

    /// <summary>PSFB full intra request (RFC 5104 §4.3.1).</summary>
    public const byte FullIntraRequest = 4;

    /// <summary>PSFB application layer feedback (RFC 4585 §6.4), which carries REMB.</summary>
    public const byte ApplicationLayer = 15;
}
