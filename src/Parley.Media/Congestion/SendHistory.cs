namespace Parley.Media.Congestion;

/// <summary>
/// The packets sent last, by transport-wide number. A ring that grows while packets it would forget may still be reported, to
/// 2,048 of eight bytes: 0.6 s at 30 Mb/s, 4 s at 5 Mb/s.
/// </summary>
internal sealed class SendHistory
{
    internal const int MinCapacity = 64;
    internal const int MaxCapacity = 2048;

    private static readonly TimeSpan ReportedWithin = TimeSpan.FromSeconds(2);

    private SentPacket[] _packets = new SentPacket[MinCapacity];
    private long _first = 1;
    private long _next = 1;

    internal int Capacity => _packets.Length;

    /// <summary>Asks for the memory of the next packet.</summary>
    internal void Prefetch() => CacheLines.Prefetch(in _packets[_next & (_packets.Length - 1)]);

    internal ushort Add(int bytes, int probeCluster, TimeSpan now)
    {
        ref readonly var oldest = ref _packets[_next & (_packets.Length - 1)];
        if (_packets.Length < MaxCapacity && _next - _first >= _packets.Length
            && oldest.State == SentPacketState.InFlight && now - oldest.SentAt(now) < ReportedWithin)
        {
            Grow();
        }

        _packets[_next & (_packets.Length - 1)] = new SentPacket(bytes, probeCluster, now);
        return (ushort)_next++;
    }

    /// <summary>
    /// Where the packet is that a peer means by this number. False when it was not sent or is forgotten; then
    /// <paramref name="isAhead"/> tells that all numbers after it were not sent either.
    /// </summary>
    internal bool TryFind(ushort number, out int index, out bool isAhead)
    {
        var last = _next - 1;
        var sequence = last + (short)(number - (ushort)last);
        isAhead = sequence > last;
        index = (int)(sequence & (_packets.Length - 1));
        return !isAhead && sequence >= _first && sequence > last - _packets.Length;
    }

    internal ref SentPacket this[int index] => ref _packets[index];

    /// <summary>What was sent until now is never found again.</summary>
    internal void Forget() => _first = _next;

    private void Grow()
    {
        var grown = new SentPacket[_packets.Length * 2];
        for (var sequence = Math.Max(_first, _next - _packets.Length); sequence < _next; sequence++)
        {
            grown[sequence & (grown.Length - 1)] = _packets[sequence & (_packets.Length - 1)];
        }

        _packets = grown;
    }
}
