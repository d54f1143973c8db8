using System.Runtime.CompilerServices;

namespace Parley.Media.Congestion;

/// <summary>
/// Finds whether queues grow: the slope of the smoothed delay over the last 20 groups, compared with a threshold that
/// follows it (draft-ietf-rmcat-gcc-02 §5.3, §5.4; the line in place of the draft's Kalman filter as libwebrtc has it).
/// </summary>
internal sealed class TrendlineEstimator
{
    internal const int WindowSize = 20;

    // As libwebrtc has them; the threshold's and its two gains are the draft's (§5.4: del_var_th(0), K_u, K_d).
    private const double Smoothing = 0.9;
    private const double Gain = 4;
    private const int GainGrowsFor = 60;
    private const double InitialThreshold = 12.5;
    private const double MinThreshold = 6;
    private const double MaxThreshold = 600;
    private const double ThresholdUp = 0.0087;
    private const double ThresholdDown = 0.039;
    private const double MaxThresholdExcess = 15;
    private const double MaxThresholdStep = 100;
    private const double OveruseTime = 10;

    private Window _arrivals;
    private Window _delays;
    private int _next;
    private int _count;
    private TimeSpan _firstArrival;
    private TimeSpan _lastArrival;
    private double _accumulated;
    private double _smoothed;
    private double _threshold = InitialThreshold;
    private double _previousTrend;
    private double? _overusing;
    private int _overuses;

    internal DelaySignal Signal { get; private set; }

    internal void Update(TimeSpan sendDelta, TimeSpan arrivalDelta, TimeSpan arrival)
    {
        if (_count++ == 0)
        {
            _firstArrival = _lastArrival = arrival;
        }

        _accumulated += (arrivalDelta - sendDelta).TotalMilliseconds;
        _smoothed = Smoothing * _smoothed + (1 - Smoothing) * _accumulated;
        _arrivals[_next] = (arrival - _firstArrival).TotalMilliseconds;
        _delays[_next] = _smoothed;
        _next = (_next + 1) % WindowSize;
        Detect(_count >= WindowSize ? Slope() ?? _previousTrend : _previousTrend, sendDelta.TotalMilliseconds);
        AdaptThreshold(arrival);
        _count = Math.Min(_count, WindowSize + GainGrowsFor);
    }

    /// <summary>The trend in the units of the threshold; it counts for less while there are few groups.</summary>
    private double Modified(double trend) => Math.Min(_count, GainGrowsFor) * trend * Gain;

    private void Detect(double trend, double sendDelta)
    {
        var modified = Modified(trend);
        if (modified > _threshold)
        {
            // It is not known when it began: half of the time between the two groups.
            _overusing = _overusing + sendDelta ?? sendDelta / 2;
            _overuses++;
            if (_overusing > OveruseTime && _overuses > 1 && trend >= _previousTrend)
            {
                _overusing = 0;
                _overuses = 0;
                Signal = DelaySignal.Overuse;
            }
        }
        else
        {
            _overusing = null;
            _overuses = 0;
            Signal = modified < -_threshold ? DelaySignal.Underuse : DelaySignal.Normal;
        }

        _previousTrend = trend;
    }

    private void AdaptThreshold(TimeSpan arrival)
    {
        var elapsed = Math.Clamp((arrival - _lastArrival).TotalMilliseconds, 0, MaxThresholdStep);
        _lastArrival = arrival;
        var modified = Math.Abs(Modified(_previousTrend));

        // A latency spike, e.g. at a sudden drop of the capacity, does not make us less sensitive.
        if (modified <= _threshold + MaxThresholdExcess)
        {
            var gain = modified < _threshold ? ThresholdDown : ThresholdUp;
            _threshold = Math.Clamp(_threshold + gain * (modified - _threshold) * elapsed, MinThreshold, MaxThreshold);
        }
    }

    /// <summary>Least squares; null when all arrived at the same moment.</summary>
    private double? Slope()
    {
        double x = 0, y = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            x += _arrivals[i];
            y += _delays[i];
        }

        x /= WindowSize;
        y /= WindowSize;
        double numerator = 0, denominator = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            numerator += (_arrivals[i] - x) * (_delays[i] - y);
            denominator += (_arrivals[i] - x) * (_arrivals[i] - x);
        }

        return denominator == 0 ? null : numerator / denominator;
    }

    [InlineArray(WindowSize)]
    private struct Window
    {
        private double _first;
    }
}
