using System.Buffers;

namespace Parley.Server.MediaHost;

/// <summary>A bounded queue of copied datagrams in pooled buffers. Not safe by itself: the inlet's lock guards it.</summary>
internal sealed class DtlsDatagramQueue(int capacity)
{
    private readonly (byte[] Buffer, int Length)[] _slots = new (byte[], int)[capacity];
    private int _head;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Copies a datagram in; false when full.</summary>
    public bool TryAdd(ReadOnlySpan<byte> datagram)
    {
        if (Count == _slots.Length)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(buffer);
        _slots[(_head + Count++) % _slots.Length] = (buffer, datagram.Length);
        return true;
    }

    /// <summary>Copies the oldest datagram out; 0 when there is none. What does not fit is cut off.</summary>
    public int Take(Span<byte> destination)
    {
        if (Count == 0)
        {
            return 0;
        }

        var (buffer, length) = _slots[_head];
        _slots[_head] = default;
        _head = (_head + 1) % _slots.Length;
        Count--;
        length = Math.Min(length, destination.Length);
        buffer.AsSpan(0, length).CopyTo(destination);
        ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }

    /// <summary>Gives every buffer back.</summary>
    public void Clear()
    {
        while (Count > 0)
        {
            Take([]);
        }
    }
}
