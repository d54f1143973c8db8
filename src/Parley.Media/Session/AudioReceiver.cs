using Parley.Media.Forwarding;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Session;

/// <summary>A participant's microphone on the network thread: counts what arrives and passes it to the mixer's thread.</summary>
internal sealed class AudioReceiver(uint ssrc, byte payloadType, RtpExtensionMap extensions, PeerConnection connection) : IRtpReceiver
{
    /// <summary>The RTP clock of Opus, whatever it carries (RFC 7587 §4.1).</summary>
    public const int ClockRate = 48_000;

    private readonly RtpReceiveStatistics _statistics = new(ssrc, ClockRate);
    private LossCount _lost;
    private CaptureClock _clock = new(ClockRate);
    private SequenceUnwrapper _sequences = new();
    private TimestampUnwrapper _timestamps = new();

    /// <inheritdoc/>
    public uint Ssrc => ssrc;

    /// <inheritdoc/>
    public byte PayloadType => payloadType;

    /// <inheritdoc/>
    public bool IsEnabled => connection.AudioEnabled;

    /// <inheritdoc/>
    public void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        _statistics.OnPacket(packet.SequenceNumber, packet.Timestamp, now);
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        var timestamp = _timestamps.Unwrap(packet.Timestamp);
        connection.Inbox.Level = packet.TryGetAudioLevel(extensions, out var level) ? level.Level : null;
        connection.Inbox.TryWrite(sequence, timestamp, now, packet.Payload);
    }

    /// <inheritdoc/>
    public void OnSenderReport(in SenderInfo info, TimeSpan captured, TimeSpan now)
    {
        _statistics.OnSenderReport(info.NtpTime, now);
        _clock.OnReport(captured, info.RtpTimestamp);
    }

    /// <summary>Of which instant, by the sender's clock, this voice is that is mixed now; null while none was, or no report has told it.</summary>
    public TimeSpan? CapturedAt(TimeSpan now) =>
        _clock.IsKnown && connection.Inbox.TimestampMixedAt(now) is { } timestamp ? _clock.CapturedAt((uint)timestamp) : null;

    /// <inheritdoc/>
    public bool HasNews => _statistics.HasNews;

    /// <inheritdoc/>
    public long TakeLost() => _lost.Take(_statistics.PacketsLost);

    /// <inheritdoc/>
    public ReportBlock BuildReportBlock(TimeSpan now) => _statistics.BuildReportBlock(now);
}
