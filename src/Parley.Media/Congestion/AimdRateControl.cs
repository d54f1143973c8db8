namespace Parley.Media.Congestion;

/// <summary>
/// The delay-based estimate (draft-ietf-rmcat-gcc-02 §5.5): multiplicative increase while nothing is known of the capacity,
/// additive near it, and 85 % of what comes through when queues grow.
/// </summary>
internal sealed class AimdRateControl
{
    internal const double Decrease = 0.85;

    private static readonly TimeSpan DefaultRoundTrip = TimeSpan.FromMilliseconds(200);

    // As libwebrtc has them; 1.08 and 0.85 are the draft's eta and beta, 1.5 × R_hat its bound.
    private const double Increase = 1.08;
    private const double MinIncrease = 1000;
    private const double MinAdditive = 4000;
    private const double MaxAhead = 1.5;
    private const long AheadAllowance = 10_000;
    private const long DecreaseAllowance = 5_000;
    private const int PacketSize = 1200;
    private const int FrameRate = 30;

    /// <summary>
    /// What arrives is an average that follows a jump of what is sent only after a while; until then a probe that just came
    /// through says more. Without this the queue of the jump itself would throw the estimate back to what was sent before.
    /// </summary>
    private static readonly TimeSpan ProbeCountsFor = TimeSpan.FromSeconds(1);

    private readonly long _min;
    private readonly long _max;
    private LinkCapacityEstimator _capacity;
    private bool _isIncreasing;
    private TimeSpan? _lastChange;
    private long _probed;
    private TimeSpan _probedAt;

    internal AimdRateControl(long min, long start, long max)
    {
        (_min, _max) = (min, max);
        Estimate = start;
    }

    internal long Estimate { get; private set; }

    internal TimeSpan RoundTrip { get; set; } = DefaultRoundTrip;

    /// <summary>Additive increase: half a packet in the time a change takes to be noticed, in bit/s per second.</summary>
    internal double AdditiveIncrease
    {
        get
        {
            var frame = Math.Round(Estimate / 8.0 / FrameRate);
            var packet = Math.Round(frame / Math.Max(Math.Ceiling(frame / PacketSize), 1));
            var response = 2 * (RoundTrip + TimeSpan.FromMilliseconds(100)).TotalSeconds;
            return Math.Max(packet * 8 / response, MinAdditive);
        }
    }

    /// <summary>Takes what a probe measured.</summary>
    internal void OnProbe(long bitrate, TimeSpan now)
    {
        SetEstimate(bitrate, now);
        (_probed, _probedAt) = (bitrate, now);
    }

    /// <summary>Takes what is known otherwise.</summary>
    internal void SetEstimate(long bitrate, TimeSpan now)
    {
        Estimate = Math.Clamp(bitrate, _min, _max);
        _lastChange = now;
    }

    /// <summary>So much comes through and no more, whatever a probe found before.</summary>
    internal void OnCollapse(long bitrate, TimeSpan now)
    {
        _probed = 0;
        OnOveruse(bitrate, isApplicationLimited: false, now);
    }

    internal void Update(DelaySignal signal, long acked, bool isApplicationLimited, TimeSpan now)
    {
        switch (signal)
        {
            case DelaySignal.Overuse:
                OnOveruse(acked, isApplicationLimited, now);
                break;
            case DelaySignal.Underuse:
                // The queues are being emptied: wait until they are.
                _isIncreasing = false;
                break;
            default:
                OnNormal(acked, now);
                break;
        }
    }

    private void OnNormal(long acked, TimeSpan now)
    {
        if (!_isIncreasing)
        {
            _isIncreasing = true;
            _lastChange = now;
        }

        if (_capacity.IsBelow(acked))
        {
            _capacity.Reset();
        }

        var elapsed = now - (_lastChange ?? now - TimeSpan.FromSeconds(1));
        _lastChange = now;
        var limit = (long)(MaxAhead * acked) + AheadAllowance;
        if (Estimate >= limit)
        {
            return;
        }

        var increase = _capacity.HasEstimate
            ? AdditiveIncrease * elapsed.TotalSeconds
            : Math.Max(Estimate * (Math.Pow(Increase, Math.Min(elapsed.TotalSeconds, 1)) - 1), MinIncrease);
        Estimate = Math.Clamp(Math.Min(Estimate + (long)increase, limit), _min, _max);
    }

    private void OnOveruse(long acked, bool isApplicationLimited, TimeSpan now)
    {
        acked = acked > 0 && now - _probedAt < ProbeCountsFor ? Math.Max(acked, _probed) : acked;

        // Not again before the last decrease can have worked, unless far less comes through than we thought.
        var interval = Math.Clamp(RoundTrip.TotalMilliseconds, 10, 200);
        if (now - _lastChange < TimeSpan.FromMilliseconds(interval) && (acked == 0 || acked >= Estimate / 2))
        {
            return;
        }

        var decreased = acked == 0 ? Estimate / 2 : (long)(acked * Decrease);
        if (decreased > DecreaseAllowance && acked > 0)
        {
            decreased -= DecreaseAllowance;
        }

        if (decreased > Estimate && _capacity.HasEstimate)
        {
            decreased = (long)(_capacity.Estimate * Decrease);
        }

        if (isApplicationLimited)
        {
            // What comes through says little of the path when little is sent. A path that really became narrow says so again,
            // each round trip.
            decreased = Math.Max(decreased, (long)(Estimate * Decrease));
        }
        else if (acked > 0)
        {
            if (_capacity.IsAbove(acked))
            {
                _capacity.Reset();
            }

            _capacity.OnOveruse(acked);
        }

        Estimate = Math.Max(Math.Min(decreased, Estimate), _min);
        _isIncreasing = false;
        _lastChange = now;
    }
}
