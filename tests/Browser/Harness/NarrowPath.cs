namespace Parley.Browser.Harness;

/// <summary>What one direction of a link does to IP packets.</summary>
/// <param name="Queue">A packet that would wait for longer is dropped.</param>
/// <param name="Delay">What each packet takes beside waiting and being sent.</param>
/// <param name="Loss">The share of packets that get lost, 0–1.</param>
/// <param name="Jitter">What a packet takes longer at most, each something else; none overtakes another.</param>
internal sealed record PathConditions(long BitsPerSecond, TimeSpan Queue, TimeSpan Delay, double Loss = 0, TimeSpan Jitter = default);

/// <summary>
/// One direction of a link: a queue whose tail is dropped, sent at a rate, then a delay. Without clock or thread: one caller brings
/// packets and the time. The conditions may be changed by anybody, at any time, for what is not being sent yet.
/// </summary>
internal sealed class NarrowPath(PathConditions conditions, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Queue<(byte[] Packet, TimeSpan Since)> _waiting = new();
    private readonly Queue<(byte[] Packet, TimeSpan Due)> _travelling = new();
    private volatile PathConditions _conditions = conditions;
    private long _bytesWaiting;
    private TimeSpan _sentAt, _lastDue;
    private long _overflowed, _bytesDelivered;

    public PathConditions Conditions
    {
        get => _conditions;
        set => _conditions = value;
    }

    /// <summary>Packets dropped because the queue was full.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>Of IP packets, header included.</summary>
    public long BytesDelivered => Volatile.Read(ref _bytesDelivered);

    /// <summary>When <see cref="TryDeliver"/> next has something to give.</summary>
    public TimeSpan? Due => _travelling.TryPeek(out var first) ? first.Due : null;

    public void Take(byte[] packet, TimeSpan now)
    {
        Send(now);
        var conditions = _conditions;
        if (_random.NextDouble() < conditions.Loss) return;
        if (Duration(_bytesWaiting, conditions) + (_sentAt > now ? _sentAt - now : TimeSpan.Zero) > conditions.Queue)
        {
            Interlocked.Increment(ref _overflowed);
        }
        else
        {
            _waiting.Enqueue((packet, now));
            _bytesWaiting += packet.Length;
            Send(now);
        }
    }

    public bool TryDeliver(TimeSpan now, out byte[] packet)
    {
        Send(now);
        packet = [];
        if (!(Due <= now)) return false;
        packet = _travelling.Dequeue().Packet;
        Interlocked.Add(ref _bytesDelivered, packet.Length);
        return true;
    }

    /// <summary>A packet is begun when the one before it is out, at the rate of that moment.</summary>
    private void Send(TimeSpan now)
    {
        while (_sentAt <= now && _waiting.TryDequeue(out var next))
        {
            var conditions = _conditions;
            _bytesWaiting -= next.Packet.Length;
            _sentAt = (_sentAt > next.Since ? _sentAt : next.Since) + Duration(next.Packet.Length, conditions);
            var due = _sentAt + conditions.Delay + (_random.NextDouble() * conditions.Jitter);
            _lastDue = due > _lastDue ? due : _lastDue;
            _travelling.Enqueue((next.Packet, _lastDue));
        }
    }

    private static TimeSpan Duration(long bytes, PathConditions conditions) => TimeSpan.FromSeconds(bytes * 8 / (double)conditions.BitsPerSecond);
}
