namespace Parley.Scenarios.World;

/// <summary>What a network does to datagrams in one direction.</summary>
/// <param name="Delay">Of every datagram.</param>
/// <param name="Jitter">Added at random, 0 up to this: more than the packet spacing means reordering.</param>
/// <param name="Loss">0–1, each datagram by itself.</param>
/// <param name="BitsPerSecond">Of its narrowest place; 0 for no limit.</param>
internal sealed record LinkQuality(TimeSpan Delay, TimeSpan Jitter, double Loss, long BitsPerSecond = 0)
{
    /// <summary>A good wire.</summary>
    public static LinkQuality Clean { get; } = new(TimeSpan.FromMilliseconds(10), TimeSpan.Zero, 0);

    /// <summary>A bad wireless network: 5 % loss, 30 ms of jitter (so datagrams overtake each other), 30 ms of delay.</summary>
    public static LinkQuality Bad { get; } = new(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(30), 0.05);

    /// <summary>A line of this rate, and 20 ms long.</summary>
    public static LinkQuality Line(long bitsPerSecond) => new(TimeSpan.FromMilliseconds(20), TimeSpan.Zero, 0, bitsPerSecond);

    /// <summary>What waits before the narrowest place at most; what comes more is dropped, as home routers do.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(300);
}

/// <summary>One direction of a network path, seeded: the same seed loses and delays the same datagrams.</summary>
internal sealed class LossyLink(LinkQuality quality, int seed, VirtualTime time, Action<byte[]> deliver)
{
    /// <summary>UDP and IPv4 headers.</summary>
    private const int Overhead = 28;

    private readonly Random _random = new(seed);

    /// <summary>When the narrowest place has sent all that waits before it.</summary>
    private TimeSpan _free;

    public LinkQuality Quality { get; set; } = quality;

    public long Lost { get; private set; }

    /// <summary>Bytes that were delivered or are on their way, with headers.</summary>
    public long Bytes { get; private set; }

    /// <summary>What was sent into it and when, once somebody wants to know.</summary>
    public List<(TimeSpan At, int Bytes)>? Log { get; set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        Log?.Add((time.Now, datagram.Length + Overhead));

        // Both draws always, so that a change of the loss does not change the delays of what gets through.
        var (fate, jitter) = (_random.NextDouble(), _random.NextDouble());
        if (fate < Quality.Loss || !TryPass(datagram.Length + Overhead))
        {
            Lost++;
            return;
        }

        Bytes += datagram.Length + Overhead;
        var copy = datagram.ToArray();
        time.At(_free + Quality.Delay + Quality.Jitter * jitter, () => deliver(copy));
    }

    private bool TryPass(int bytes)
    {
        _free = _free > time.Now ? _free : time.Now;
        if (Quality.BitsPerSecond == 0) return true;
        if (_free - time.Now > Quality.Queue) return false;
        _free += TimeSpan.FromTicks(bytes * 8 * TimeSpan.TicksPerSecond / Quality.BitsPerSecond);
        return true;
    }
}
