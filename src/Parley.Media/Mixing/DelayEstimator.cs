using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// Learns from arrivals how long a sender's packets must be held back so that nearly all of them are there in time.
/// A packet's transit is its arrival minus its timestamp; the fastest of the last four seconds is the baseline, so the
/// sender's clock may drift; how much slower than that the others are goes into a histogram that forgets over ten seconds.
/// </summary>
internal sealed class DelayEstimator
{
    /// <summary>A transit this far from the baseline is no jitter: the sender's timestamps jumped, or the path stood still.</summary>
    private const long JumpTicks = TimeSpan.TicksPerSecond;

    private const long BucketTicks = 5 * TimeSpan.TicksPerMillisecond;
    private const long BurstTicks = 2 * TimeSpan.TicksPerMillisecond;
    private const long WindowTicks = TimeSpan.TicksPerSecond / 2;
    private const int WindowCount = 8;
    private const float Forget = 0.998f;
    private const float Quantile = 0.98f;

    private static readonly long MarginTicks = TimeSpan.FromMilliseconds(10).Ticks;

    private readonly long _minTargetTicks;
    private readonly long _maxTargetTicks;
    private readonly float[] _histogram;
    private readonly long[] _windowMinima = new long[WindowCount];
    private long _windowIndex;
    private long _baseline;
    private int _observed;
    private long _lastArrival = long.MinValue / 2;

    public DelayEstimator(TimeSpan minTarget, TimeSpan maxTarget)
    {
        _minTargetTicks = minTarget.Ticks;
        _maxTargetTicks = maxTarget.Ticks;
        _histogram = new float[(int)(_maxTargetTicks / BucketTicks) + 1];
        _histogram[Math.Min(_histogram.Length - 1, 4)] = 1f; // Expect 20 ms until something is known.
        UpdateTarget();
    }

    /// <summary>How long after the fastest path's time audio should be played.</summary>
    public TimeSpan Target { get; private set; }

    /// <summary>Takes a packet as the first of a new clock. What is known of the path's jitter stays.</summary>
    public void Rebase(long timestamp, TimeSpan arrival)
    {
        _baseline = Transit(timestamp, arrival);
        _windowIndex = arrival.Ticks / WindowTicks;
        Array.Fill(_windowMinima, _baseline);
    }

    /// <summary>Whether a packet's timestamp does not belong to the clock of those before.</summary>
    public bool IsJump(long timestamp, TimeSpan arrival) => Math.Abs(Transit(timestamp, arrival) - _baseline) > JumpTicks;

    /// <summary>Learns from a packet, whether or not it came in time.</summary>
    public void Observe(long timestamp, TimeSpan arrival)
    {
        var transit = Transit(timestamp, arrival);
        AdvanceWindow(arrival.Ticks / WindowTicks);
        ref var minimum = ref _windowMinima[(int)(_windowIndex & (WindowCount - 1))];
        minimum = Math.Min(minimum, transit);
        _baseline = TensorPrimitives.Min<long>(_windowMinima);

        // Of a burst only the first packet counts, which waited longest: one standstill is one event, not fifty.
        var isBurst = arrival.Ticks - _lastArrival < BurstTicks;
        _lastArrival = arrival.Ticks;
        if (isBurst) return;

        // A plain average at first, then one that forgets.
        var keep = Math.Min(Forget, 1f - (1f / (_observed + 2)));
        _observed = Math.Min(_observed + 1, 1_000);
        TensorPrimitives.Multiply(_histogram, keep, _histogram);
        var bucket = Math.Min(_histogram.Length - 1, (transit - _baseline) / BucketTicks);
        _histogram[bucket] += 1f - keep;
        UpdateTarget();
    }

    /// <summary>How long after the fastest path's time a sample would be played, if it is played then.</summary>
    public TimeSpan DelayAt(long timestamp, TimeSpan playAt) => new(Transit(timestamp, playAt) - _baseline);

    private static long Transit(long timestamp, TimeSpan time) => time.Ticks - AudioFormat.Ticks(timestamp);

    private void AdvanceWindow(long index)
    {
        // Windows without a packet keep what the last one knew: silence says nothing about the path.
        if (index <= _windowIndex) return;
        var latest = _windowMinima[(int)(_windowIndex & (WindowCount - 1))];
        var steps = Math.Min(index - _windowIndex, WindowCount);
        for (var i = 1; i < steps; i++) _windowMinima[(int)((_windowIndex + i) & (WindowCount - 1))] = latest;
        _windowIndex = index;
        _windowMinima[(int)(index & (WindowCount - 1))] = long.MaxValue;
    }

    private void UpdateTarget()
    {
        var sum = 0f;
        var bucket = 0;
        var wanted = Quantile * TensorPrimitives.Sum<float>(_histogram);
        for (; bucket < _histogram.Length - 1; bucket++)
        {
            sum += _histogram[bucket];
            if (sum >= wanted) break;
        }

        Target = new TimeSpan(Math.Clamp(((bucket + 1) * BucketTicks) + MarginTicks, _minTargetTicks, _maxTargetTicks));
    }
}
