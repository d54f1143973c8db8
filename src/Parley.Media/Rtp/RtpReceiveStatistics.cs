using Parley.Media.Rtcp;

namespace Parley.Media.Rtp;

/// <summary>
/// What a receiver knows of one source, for report blocks (RFC 3550 §6.4.1, A.1, A.3, A.8). There is no probation: packets
/// come here authenticated by SRTP.
/// </summary>
/// <param name="ssrc">The source.</param>
/// <param name="clockRate">RTP timestamp units per second.</param>
public sealed class RtpReceiveStatistics(uint ssrc, int clockRate)
{
    /// <summary>A jump ahead of this many packets or more is suspect (RFC 3550 A.1).</summary>
    private const int MaxDropout = 3000;

    /// <summary>A packet this much behind the highest is late, not a jump (RFC 3550 A.1).</summary>
    private const int MaxMisorder = 100;

    private const int NoSuspect = -1;

    private readonly int _clockRate = clockRate > 0 ? clockRate : throw new ArgumentOutOfRangeException(nameof(clockRate));
    private uint _cycles;
    private ushort _highest;
    private uint _base;
    private int _suspect = NoSuspect;
    private bool _started;
    private long _received;
    private long _expectedPrior;
    private long _receivedPrior;
    private uint _transit;
    private bool _hasTransit;
    private long _jitterTimes16;
    private uint _lastSenderReport;
    private TimeSpan _lastSenderReportAt;

    /// <summary>The source.</summary>
    public uint Ssrc { get; } = ssrc;

    /// <summary>Packets received since the start or the last restart, late and duplicate ones counted (A.3).</summary>
    public long PacketsReceived => _received;

    /// <summary>Packets lost: expected minus received, so duplicates may make it negative (A.3).</summary>
    public long PacketsLost => Expected - _received;

    /// <summary>The highest sequence number, with wrap-arounds counted in the upper 16 bits.</summary>
    public uint ExtendedHighestSequence => _cycles + _highest;

    /// <summary>Interarrival jitter in timestamp units (A.8).</summary>
    public uint Jitter => (uint)Math.Min(uint.MaxValue, _jitterTimes16 >> 4);

    /// <summary>Interarrival jitter as time.</summary>
    public TimeSpan JitterTime => TimeSpan.FromSeconds((double)Jitter / _clockRate);

    /// <summary>Whether a packet came since the last report block: only such a source is reported on (RFC 3550 §6.4).</summary>
    public bool HasNews => _received != _receivedPrior;

    private long Expected => _started ? (long)ExtendedHighestSequence - _base + 1 : 0;

    /// <summary>
    /// Takes a packet's sequence number, timestamp and arrival time. False when it jumped too far to be believed: the next
    /// packet decides whether the source restarted (A.1).
    /// </summary>
    public bool OnPacket(ushort sequenceNumber, uint timestamp, TimeSpan now)
    {
        if (!UpdateSequence(sequenceNumber))
        {
            return false;
        }

        _received++;
        UpdateJitter(timestamp, now);
        return true;
    }

    /// <summary>Takes the NTP time of a sender report of this source, for LSR and DLSR.</summary>
    public void OnSenderReport(NtpTime ntpTime, TimeSpan now)
    {
        _lastSenderReport = ntpTime.Middle32;
        _lastSenderReportAt = now;
    }

    /// <summary>Makes the report block for now and starts the next interval of the fraction lost (A.3).</summary>
    public ReportBlock BuildReportBlock(TimeSpan now)
    {
        var expected = Expected;
        var expectedInterval = expected - _expectedPrior;
        var lostInterval = expectedInterval - (_received - _receivedPrior);
        _expectedPrior = expected;
        _receivedPrior = _received;
        var fraction = expectedInterval <= 0 || lostInterval <= 0 ? 0 : Math.Min(255, (lostInterval << 8) / expectedInterval);
        return new ReportBlock(
            Ssrc,
            (byte)fraction,
            (int)Math.Clamp(PacketsLost, ReportBlock.MinCumulativeLost, ReportBlock.MaxCumulativeLost),
            ExtendedHighestSequence,
            Jitter,
            _lastSenderReport,
            _lastSenderReport == 0 ? 0 : NtpTime.ToCompact(now - _lastSenderReportAt));
    }

    private bool UpdateSequence(ushort sequenceNumber)
    {
        if (!_started)
        {
            Restart(sequenceNumber);
            return true;
        }

        var ahead = (ushort)(sequenceNumber - _highest);
        if (ahead < MaxDropout)
        {
            if (sequenceNumber < _highest)
            {
                _cycles += 0x10000;
            }

            _highest = sequenceNumber;
        }
        else if (ahead <= 0x10000 - MaxMisorder)
        {
            // Two packets in a row after a jump: the other side restarted without a word (A.1).
            if (sequenceNumber != _suspect)
            {
                _suspect = (ushort)(sequenceNumber + 1);
                return false;
            }

            Restart(sequenceNumber);
        }

        return true;
    }

    private void Restart(ushort sequenceNumber)
    {
        _started = true;
        _cycles = 0;
        _highest = sequenceNumber;
        _base = sequenceNumber;
        _suspect = NoSuspect;
        _received = 0;
        _receivedPrior = 0;
        _expectedPrior = 0;
        _hasTransit = false;
    }

    private void UpdateJitter(uint timestamp, TimeSpan now)
    {
        // Whole seconds apart from the rest, or the product would overflow after some months.
        var (seconds, ticks) = Math.DivRem(now.Ticks, TimeSpan.TicksPerSecond);
        var arrival = unchecked((uint)(seconds * _clockRate + ticks * _clockRate / TimeSpan.TicksPerSecond));
        var transit = unchecked(arrival - timestamp);
        if (_hasTransit)
        {
            var difference = Math.Abs((long)unchecked((int)(transit - _transit)));
            _jitterTimes16 += difference - ((_jitterTimes16 + 8) >> 4);
        }

        _transit = transit;
        _hasTransit = true;
    }
}
