namespace Parley.Media.Congestion;

/// <summary>
/// The estimate for a peer that sends no transport-wide feedback: loss from its receiver reports (draft-ietf-rmcat-gcc-02
/// §6), bounded by what it estimates itself (draft-alvestrand-rmcat-remb-03).
/// </summary>
internal sealed class ReceiverReportControl(long min, long start, long max)
{
    // §6, and 300 ms as libwebrtc has it.
    private const int HighLoss = 26; // 10 % of 256
    private const int LowLoss = 5; // 2 %
    private const double Increase = 1.08;
    private const double MaxAhead = 1.5;
    private const long Allowance = 10_000;
    private static readonly TimeSpan DecreaseInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan IncreaseInterval = TimeSpan.FromSeconds(1);

    /// <summary>So long after the first report a REMB is believed at once, also upwards: the peer measured our probes.</summary>
    private static readonly TimeSpan StartPhase = TimeSpan.FromSeconds(2);

    private long _bitrate = start;
    private long _remb = long.MaxValue;
    private long _sent;
    private TimeSpan? _firstReport;
    private TimeSpan? _lastReport;
    private TimeSpan? _lastIncrease;
    private TimeSpan? _lastDecrease;
    private bool _hasLoss;

    internal long Estimate => Math.Max(Math.Min(_bitrate, _remb), min);

    /// <summary>Nothing was heard of the peer.</summary>
    internal void SetEstimate(long bitrate) => _bitrate = Math.Max(bitrate, min);

    internal void OnSent(int bytes) => _sent += bytes;

    internal void OnReceiverReport(byte fractionLost, TimeSpan roundTrip, TimeSpan now)
    {
        _firstReport ??= now;
        _hasLoss |= fractionLost > 0;
        if (fractionLost > HighLoss)
        {
            if (!(now - _lastDecrease < DecreaseInterval + roundTrip))
            {
                _lastDecrease = now;
                _bitrate = Math.Max(_bitrate * (512 - fractionLost) / 512, min);
            }
        }
        else if (fractionLost <= LowLoss && !(now - _lastIncrease < IncreaseInterval))
        {
            _lastIncrease = now;
            var elapsed = (now - (_lastReport ?? now)).TotalSeconds;
            var limit = elapsed > 0 ? (long)(MaxAhead * _sent * 8 / elapsed) + Allowance : _bitrate;
            var increased = (long)(_bitrate * Increase) + 1000;
            _bitrate = Math.Max(_bitrate, Math.Min(Math.Min(increased, limit), max));
            _lastReport = now;
            _sent = 0;
        }
    }

    internal void OnRemb(long bitrate, TimeSpan now)
    {
        _firstReport ??= now;
        _remb = Math.Clamp(bitrate, min, max);
        if (!_hasLoss && now - _firstReport <= StartPhase)
        {
            _bitrate = Math.Max(_bitrate, _remb);
        }
    }
}
