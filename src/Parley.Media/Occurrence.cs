namespace Parley.Media;

/// <summary>What happens to a participant's media and is counted; each has its own count.</summary>
public enum Occurrence
{
    /// <summary>A packet of the participant was lost on its way here (RFC 3550 §6.4.1). Looked at with each report; one that comes late stays counted.</summary>
    Lost,

    /// <summary>A packet of the participant came after all, as its retransmission (RFC 4588).</summary>
    Repaired,

    /// <summary>A packet was asked of the participant again (RFC 4585 §6.2.1).</summary>
    NackSent,

    /// <summary>A keyframe was asked of the participant (RFC 4585 §6.3.1).</summary>
    KeyframeRequestSent,

    /// <summary>The participant reported that a packet of ours was lost (RFC 3550 §6.4.1).</summary>
    ReportedLost,

    /// <summary>The participant asked for a packet again.</summary>
    NackReceived,

    /// <summary>A packet was sent again because the participant asked.</summary>
    Retransmitted,

    /// <summary>A packet was asked for again and not sent: it is gone, no longer of use, or more than may be repaired.</summary>
    RetransmissionRefused,

    /// <summary>The participant asked for a keyframe (PLI or FIR).</summary>
    KeyframeRequestReceived,

    /// <summary>A packet was sent for nothing but its length, to see what the path bears.</summary>
    Padding,

    /// <summary>A packet for the participant was not sent: there was no way, or when its turn had come it was of no use any more.</summary>
    Abandoned,

    /// <summary>A picture goes on with another encoding of the same source.</summary>
    EncodingSwitch,

    /// <summary>A picture goes on with other temporal layers of the same encoding.</summary>
    TemporalSwitch,

    /// <summary>A picture was paused: the path bears not even the smallest encoding.</summary>
    Paused,
}
