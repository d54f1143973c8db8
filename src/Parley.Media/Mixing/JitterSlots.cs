namespace Parley.Media.Mixing;

/// <summary>
/// The packets a <see cref="JitterBuffer"/> holds, at the place their sequence number gives them: a window of 64 that ends
/// at the highest number seen. Memory comes with the first packet, of each place with the first that needs it, and stays.
/// </summary>
internal sealed class JitterSlots
{
    public const int Capacity = 64;
    private const int Mask = Capacity - 1;

    /// <summary>Room for speech at any bitrate; only music and longer packets need more.</summary>
    private const int SmallPacket = 256;

    private byte[]?[] _payloads = [];
    private Slot[] _slots = [];

    /// <summary>How many packets are held.</summary>
    public int Count { get; private set; }

    /// <summary>The packet with this sequence number; it must be held.</summary>
    public ref readonly Slot this[long sequence] => ref _slots[sequence & Mask];

    /// <summary>The payload of a packet that is or was held, until something else takes its place.</summary>
    public ReadOnlySpan<byte> Payload(long sequence) =>
        _payloads[sequence & Mask].AsSpan(0, _slots[sequence & Mask].Length);

    public bool Contains(long sequence) => Count > 0 && _slots[sequence & Mask] is { IsHeld: true } slot && slot.Sequence == sequence;

    /// <summary>Holds a packet of at most 1,500 bytes; its place must be free.</summary>
    public void Store(long sequence, long timestamp, in OpusPacket packet, ReadOnlySpan<byte> payload)
    {
        if (_slots.Length == 0) (_slots, _payloads) = (new Slot[Capacity], new byte[]?[Capacity]);
        _slots[sequence & Mask] = new Slot(true, sequence, timestamp, packet, payload.Length);
        ref var room = ref _payloads[sequence & Mask];
        if (room is null || room.Length < payload.Length) room = new byte[payload.Length <= SmallPacket ? SmallPacket : AudioFormat.MaxPacketBytes];
        payload.CopyTo(room);
        Count++;
    }

    /// <summary>Frees the place that this sequence number has, whoever holds it.</summary>
    /// <returns>Whether a packet was thrown out.</returns>
    public bool Free(long sequence)
    {
        if (Count == 0) return false;
        ref var slot = ref _slots[sequence & Mask];
        if (!slot.IsHeld) return false;
        slot = slot with { IsHeld = false };
        Count--;
        return true;
    }

    /// <summary>Frees all places.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>The lowest sequence number held between two, both inclusive; at most 64 apart.</summary>
    public bool TryFindFirst(long from, long to, out long sequence)
    {
        for (sequence = from; Count > 0 && sequence <= to; sequence++)
        {
            if (Contains(sequence)) return true;
        }

        return false;
    }

    /// <summary>One place.</summary>
    internal readonly record struct Slot(bool IsHeld, long Sequence, long Timestamp, OpusPacket Packet, int Length);
}
