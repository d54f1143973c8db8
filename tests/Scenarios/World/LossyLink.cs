namespace Parley.Scenarios.World;

/// <summary>What a network does to datagrams in one direction.</summary>
/// <param name="Delay">Of every datagram.</param>
/// <param name="Jitter">Added at random, 0 up to this: more than the packet spacing means reordering.</param>
/// <param name="Loss">0–1, each datagram by itself.</param>
internal sealed record LinkQuality(TimeSpan Delay, TimeSpan Jitter, double Loss)
{
    /// <summary>A good wire.</summary>
    public static LinkQuality Clean { get; } = new(TimeSpan.FromMilliseconds(10), TimeSpan.Zero, 0);

    /// <summary>A bad wireless network: 5 % loss, 30 ms of jitter (so datagrams overtake each other), 30 ms of delay.</summary>
    public static LinkQuality Bad { get; } = new(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(30), 0.05);
}

/// <summary>One direction of a network path, seeded: the same seed loses and delays the same datagrams.</summary>
internal sealed class LossyLink(LinkQuality quality, int seed, VirtualTime time, Action<byte[]> deliver)
{
    private readonly Random _random = new(seed);

    public LinkQuality Quality { get; set; } = quality;

    public long Lost { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        // Both draws always, so that a change of the loss does not change the delays of what gets through.
        var (fate, jitter) = (_random.NextDouble(), _random.NextDouble());
        if (fate < Quality.Loss)
        {
            Lost++;
            return;
        }

        var copy = datagram.ToArray();
        time.At(time.Now + Quality.Delay + Quality.Jitter * jitter, () => deliver(copy));
    }
}
