using System.Buffers.Binary;

namespace Parley.Media.Framing;

/// <summary>
/// Datagrams that wait for their turn in a byte stream, each with its length before it (RFC 4571 §2). A ring of fixed size: a
/// datagram goes in whole or not at all, so a full queue loses datagrams as a full network does, and the stream stays whole.
/// </summary>
/// <param name="capacity">Bytes, headers included.</param>
public sealed class FrameQueue(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private int _head;

    /// <summary>The bytes that wait.</summary>
    public int Length { get; private set; }

    /// <summary>Puts a datagram at the end; false when there is no room for the whole of it.</summary>
    /// <param name="datagram">At most <see cref="FrameReader.MaxFrameLength"/> bytes.</param>
    /// <param name="reserve">How many bytes must stay free after it, for what is worth more.</param>
    public bool TryAdd(ReadOnlySpan<byte> datagram, int reserve = 0)
    {
        if (datagram.Length > FrameReader.MaxFrameLength) return false;
        var length = FrameReader.HeaderLength + datagram.Length;
        if (length > capacity - Length - reserve) return false;
        Span<byte> header = stackalloc byte[FrameReader.HeaderLength];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)datagram.Length);
        Write(header);
        Write(datagram);
        return true;
    }

    /// <summary>The first bytes that wait, as many as lie together; they stay where they are until <see cref="Take"/>.</summary>
    public Memory<byte> Peek(int most) => _ring.AsMemory(_head, Math.Min(Math.Min(most, Length), capacity - _head));

    /// <summary>Notes that so many bytes are on their way.</summary>
    public void Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Length, nameof(count));
        _head = (_head + count) % capacity;
        Length -= count;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        var tail = (_head + Length) % capacity;
        var first = Math.Min(bytes.Length, capacity - tail);
        bytes[..first].CopyTo(_ring.AsSpan(tail));
        bytes[first..].CopyTo(_ring);
        Length += bytes.Length;
    }
}
