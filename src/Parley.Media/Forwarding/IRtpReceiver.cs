using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Forwarding;

/// <summary>What receives one SSRC of a participant: their microphone, camera or screen.</summary>
internal interface IRtpReceiver
{
    /// <summary>The SSRC received.</summary>
    uint Ssrc { get; }

    /// <summary>The payload type it is received with.</summary>
    byte PayloadType { get; }

    /// <summary>Whether its owner has it on; what comes all the same goes nowhere.</summary>
    bool IsEnabled { get; }

    /// <summary>Takes one authenticated packet, valid during the call.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="index">Its SRTP packet index: the sequence number with its roll-overs, never the same twice (RFC 3711 §3.3).</param>
    /// <param name="now">When it arrived.</param>
    void OnPacket(in RtpPacket packet, long index, TimeSpan now);

    /// <summary>Notes the sender's clock (RFC 3550 §6.4.1), for the next report block and for what belongs together.</summary>
    /// <param name="info">What the sender says.</param>
    /// <param name="captured">Its time, counted from the engine's origin.</param>
    /// <param name="now">When it came.</param>
    void OnSenderReport(in SenderInfo info, TimeSpan captured, TimeSpan now);

    /// <summary>Whether anything has come since the last report: only then is there something to report (RFC 3550 §6.4).</summary>
    bool HasNews { get; }

    /// <summary>How many more packets are lost than at any look before.</summary>
    long TakeLost();

    /// <summary>What to report of this SSRC since the last report.</summary>
    ReportBlock BuildReportBlock(TimeSpan now);
}
