using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Client.Rtc;

/// <summary>One m-line's incoming stream: which SSRC it is now, and what reports say of it. Media thread only.</summary>
internal abstract class RtpReceiver(string mid, int clockRate) : IDisposable
{
    private RtpReceiveStatistics? _statistics;
    private SequenceUnwrapper _clear = new();

    /// <summary>The m-line.</summary>
    public string Mid => mid;

    /// <summary>The one payload type that is taken, 0–127.</summary>
    public byte PayloadType { get; set; }

    /// <summary>The stream's SSRC; 0 before the first packet.</summary>
    public uint Ssrc => _statistics?.Ssrc ?? 0;

    /// <summary>Packets received of the current SSRC.</summary>
    public long PacketsReceived => _statistics?.PacketsReceived ?? 0;

    /// <summary>Packets missing of the current SSRC.</summary>
    public long PacketsLost => _statistics?.PacketsLost ?? 0;

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1).</summary>
    public TimeSpan Jitter => _statistics?.JitterTime ?? TimeSpan.Zero;

    /// <summary>Whether packets came since the last report.</summary>
    public bool HasNews => _statistics is { HasNews: true };

    /// <summary>When <see cref="RtcPeer"/> should look at it again.</summary>
    public virtual TimeSpan NextDeadline => TimeSpan.MaxValue;

    /// <summary>The stream's SSRC is another from now on.</summary>
    public void Bind(uint ssrc)
    {
        if (_statistics?.Ssrc == ssrc) return;
        var first = _statistics is null;
        _statistics = new RtpReceiveStatistics(ssrc, clockRate);
        _clear = new SequenceUnwrapper();
        if (!first) OnRestart();
    }

    /// <summary>The extended sequence number of a packet that SRTP has not counted.</summary>
    public long Unwrap(ushort sequenceNumber) => _clear.Unwrap(sequenceNumber);

    /// <summary>Takes an authenticated packet of this stream.</summary>
    /// <param name="packet">The packet; valid during the call.</param>
    /// <param name="index">Its extended sequence number, by SRTP's count.</param>
    /// <param name="now">When it came.</param>
    public virtual void OnPacket(in RtpPacket packet, long index, TimeSpan now) =>
        _statistics!.OnPacket(packet.SequenceNumber, packet.Timestamp, now);

    /// <summary>Notes the sender's report.</summary>
    public void OnSenderReport(NtpTime time, TimeSpan now) => _statistics?.OnSenderReport(time, now);

    /// <summary>The block for the next report.</summary>
    public ReportBlock BuildReportBlock(TimeSpan now) => _statistics!.BuildReportBlock(now);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The sender began anew under another SSRC.</summary>
    protected abstract void OnRestart();
}
