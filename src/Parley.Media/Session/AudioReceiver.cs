using Parley.Media.Forwarding;
using Parley.Media.Mixing;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Session;

/// <summary>A participant's microphone on the network thread: counts what arrives and passes it to the mixer's thread.</summary>
internal sealed class AudioReceiver(uint ssrc, byte payloadType, AudioInbox inbox) : IRtpReceiver
{
    /// <summary>The RTP clock of Opus, whatever it carries (RFC 7587 §4.1).</summary>
    public const int ClockRate = 48_000;

    private readonly RtpReceiveStatistics _statistics = new(ssrc, ClockRate);
    private SequenceUnwrapper _sequences = new();
    private TimestampUnwrapper _timestamps = new();

    /// <inheritdoc/>
    public uint Ssrc => ssrc;

    /// <inheritdoc/>
    public byte PayloadType => payloadType;

    /// <inheritdoc/>
    public void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        _statistics.OnPacket(packet.SequenceNumber, packet.Timestamp, now);
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        var timestamp = _timestamps.Unwrap(packet.Timestamp);
        inbox.TryWrite(sequence, timestamp, now, packet.Payload);
    }

    /// <inheritdoc/>
    public void OnSenderReport(in SenderInfo info, TimeSpan now) => _statistics.OnSenderReport(info.NtpTime, now);

    /// <inheritdoc/>
    public bool HasNews => _statistics.HasNews;

    /// <inheritdoc/>
    public ReportBlock BuildReportBlock(TimeSpan now) => _statistics.BuildReportBlock(now);
}
