namespace Parley.Media.Congestion;

/// <summary>
/// When packets may leave: a budget of one connection. What is sent is a debt that is paid off at the rate; a packet may leave,
/// whatever its size, while the debt is below the burst. The burst is what the rate sends in 40 ms (as libwebrtc has it),
/// within bounds: a picture's few packets leave at once, a keyframe is spread.
/// </summary>
public sealed class Pacer
{
    /// <summary>Three packets: also a slow path takes a small picture at once.</summary>
    public const int MinBurst = 3 * Packet;

    /// <summary>Sixteen packets: what the queue of a home router surely holds.</summary>
    public const int MaxBurst = 16 * Packet;

    /// <summary>Nothing waits longer: then the rate rises as far as it must.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    private const int Packet = 1_250;

    private static readonly TimeSpan BurstTime = TimeSpan.FromMilliseconds(40);

    private long _paced;
    private double _debt;
    private TimeSpan _paidAt;

    /// <summary>Begins at a rate in bit/s, e.g. 2.5 times the estimate.</summary>
    public Pacer(long bitsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bitsPerSecond);
        _paced = Rate = bitsPerSecond;
    }

    /// <summary>What is sent at, in bit/s: as was set, or more when the queue is long.</summary>
    public long Rate { get; private set; }

    private double Burst => Math.Clamp(Rate / 8.0 * BurstTime.TotalSeconds, MinBurst, MaxBurst);

    /// <summary>Sets the rate of what goes out.</summary>
    public void SetRate(long bitsPerSecond, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bitsPerSecond);
        Pay(now);
        _paced = Rate = bitsPerSecond;
    }

    /// <summary>
    /// The path's queue is full, whatever else was sent is lost: of the burst nothing is left, and of the debt beyond it a packet, which has to
    /// leave the queue before there is room for another.
    /// </summary>
    public void Exhaust(TimeSpan now)
    {
        Pay(now);
        _debt = Burst + Packet;
    }

    /// <summary>
    /// Tells what waits and since when the first of it does, before asking whether it may leave. Zero bytes: nothing waits any
    /// more.
    /// </summary>
    public void SetQueue(long bytes, TimeSpan oldest, TimeSpan now)
    {
        Pay(now);
        var left = Math.Max((MaxWait - (now - oldest)).TotalSeconds, 0.001);
        Rate = Math.Max(_paced, (long)(bytes * 8 / left));
    }

    /// <summary>Whether a packet may leave now, whatever its size.</summary>
    public bool CanSend(TimeSpan now)
    {
        Pay(now);
        return _debt < Burst;
    }

    /// <summary>Counts a packet that left, also one that did not ask.</summary>
    public void OnSent(int bytes, TimeSpan now)
    {
        Pay(now);
        _debt += bytes;
    }

    /// <summary>When <see cref="CanSend"/> becomes true; the present when it is.</summary>
    public TimeSpan NextSend(TimeSpan now) =>
        CanSend(now) ? now : now + TimeSpan.FromTicks((long)((_debt - Burst) * 8 / Rate * TimeSpan.TicksPerSecond) + 1);

    private void Pay(TimeSpan now)
    {
        if (now > _paidAt)
        {
            _debt = Math.Max(_debt - Rate / 8.0 * (now - _paidAt).TotalSeconds, 0);
            _paidAt = now;
        }
    }
}
