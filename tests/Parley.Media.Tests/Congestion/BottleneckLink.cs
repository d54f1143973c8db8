namespace Parley.Media.Tests.Congestion;

/// <summary>One direction of a path with a queue before its narrowest place. All chance is seeded.</summary>
internal sealed class BottleneckLink(long rate, int seed)
{
    private readonly Random _random = new(seed);
    private TimeSpan _freeAt;
    private TimeSpan _lastArrival;

    public long Rate { get; set; } = rate;

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Each packet is late by up to twice this, without overtaking: what a radio does.</summary>
    public TimeSpan Jitter { get; set; }

    public double Loss { get; set; }

    /// <summary>What does not fit into the queue is dropped.</summary>
    public TimeSpan MaxQueue { get; set; } = TimeSpan.FromMilliseconds(500);

    public int Overflowed { get; private set; }

    public TimeSpan Queue(TimeSpan now) => _freeAt > now ? _freeAt - now : TimeSpan.Zero;

    /// <summary>When it arrives; null when it is lost.</summary>
    public TimeSpan? Send(int bytes, TimeSpan now)
    {
        if (Queue(now) > MaxQueue)
        {
            Overflowed++;
            return null;
        }

        _freeAt = (_freeAt > now ? _freeAt : now) + TimeSpan.FromSeconds(bytes * 8.0 / Rate);
        var arrival = _freeAt + Delay + 2 * Jitter * _random.NextDouble();
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        return _random.NextDouble() < Loss ? null : _lastArrival;
    }
}
