using System.Buffers;
using System.Numerics;

namespace Parley.Media.Rtp;

/// <summary>
/// The last packets of one stream, from which NACKs are answered. A ring of slots whose buffers come from the shared pool
/// when first needed, go from packets that are too old to new ones, and back on <see cref="Dispose"/>: at most 2 KiB a slot. Not thread-safe.
/// </summary>
public sealed class RtpPacketCache : IDisposable
{
    /// <summary>The default number of packets kept.</summary>
    public const int DefaultCapacity = 512;

    /// <summary>The longest packet kept: more than any path's MTU, and with our own extension, an RTX number and SRTP's tag still a datagram we write.</summary>
    public const int MaxPacketLength = 1_900;

    /// <summary>The default age after which a packet is not sent again: its frame was given up long ago.</summary>
    public static readonly TimeSpan DefaultMaxAge = TimeSpan.FromSeconds(2);

    private const int MinimumBufferLength = 256;

    private readonly Slot[] _slots;
    private readonly TimeSpan _maxAge;
    private long _highest = -1;

    // Every packet before it gave its buffer away, or its slot has a newer one.
    private long _oldest;
    private bool _disposed;

    /// <summary>Keeps up to <paramref name="capacity"/> packets (a power of two up to 32,768) for up to <paramref name="maxAge"/>.</summary>
    public RtpPacketCache(int capacity, TimeSpan maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 0x8000);
        if (!BitOperations.IsPow2(capacity)) throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Not a power of two.");
        _slots = new Slot[capacity];
        _maxAge = maxAge;
        Clear();
    }

    /// <summary>Keeps <see cref="DefaultCapacity"/> packets for <see cref="DefaultMaxAge"/>.</summary>
    public RtpPacketCache()
        : this(DefaultCapacity, DefaultMaxAge)
    {
    }

    /// <summary>
    /// Copies a packet in, over the one that is a whole capacity older. False, and nothing stored, when the packet is longer
    /// than <see cref="MaxPacketLength"/> or so late that its slot already serves a newer one.
    /// </summary>
    /// <param name="extendedSequenceNumber">Not negative; see <see cref="SequenceUnwrapper"/>.</param>
    /// <param name="packet">The whole RTP packet, before encryption.</param>
    /// <param name="now">The present.</param>
    public bool Store(long extendedSequenceNumber, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(extendedSequenceNumber);
        ref var slot = ref _slots[extendedSequenceNumber & (_slots.Length - 1)];
        if (packet.Length > MaxPacketLength || slot.Sequence > extendedSequenceNumber)
        {
            return false;
        }

        if (slot.Buffer is null) slot.Buffer = TakeOldest(extendedSequenceNumber, now);
        if (slot.Buffer is null || slot.Buffer.Length < packet.Length)
        {
            if (slot.Buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(slot.Buffer);
            }

            slot.Buffer = ArrayPool<byte>.Shared.Rent(Math.Max(packet.Length, MinimumBufferLength));
        }

        packet.CopyTo(slot.Buffer);
        slot.Length = packet.Length;
        slot.Sequence = extendedSequenceNumber;
        slot.StoredAt = now;
        _highest = Math.Max(_highest, extendedSequenceNumber);
        return true;
    }

    /// <summary>Finds a packet by the 16 bits a NACK names, taken as nearest to the newest packet.</summary>
    public bool TryGet(ushort sequenceNumber, TimeSpan now, out ReadOnlySpan<byte> packet) =>
        TryGet(_highest + (short)(sequenceNumber - (ushort)_highest), now, out packet);

    /// <summary>Finds a packet; false when it was never stored, was overwritten or is too old. Valid until the next call.</summary>
    public bool TryGet(long extendedSequenceNumber, TimeSpan now, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (_highest < 0 || extendedSequenceNumber < 0)
        {
            return false;
        }

        ref readonly var slot = ref _slots[extendedSequenceNumber & (_slots.Length - 1)];
        if (slot.Sequence != extendedSequenceNumber || now - slot.StoredAt > _maxAge)
        {
            return false;
        }

        packet = slot.Buffer.AsSpan(0, slot.Length);
        return true;
    }

    /// <summary>The buffer of the oldest packet that is too old to be found; null when none is.</summary>
    private byte[]? TakeOldest(long newest, TimeSpan now)
    {
        _oldest = Math.Max(_oldest, newest - _slots.Length + 1);
        for (; _oldest < newest; _oldest++)
        {
            ref var slot = ref _slots[_oldest & (_slots.Length - 1)];
            if (slot.Buffer is null || slot.Sequence != _oldest) continue;
            if (now - slot.StoredAt <= _maxAge) return null;
            var buffer = slot.Buffer;
            (slot.Buffer, slot.Sequence) = (null, -1);
            _oldest++;
            return buffer;
        }

        return null;
    }

    /// <summary>Forgets all packets and keeps the buffers.</summary>
    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            slot.Sequence = -1;
        }

        (_highest, _oldest) = (-1, 0);
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _disposed = true;
        Clear();
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.Buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(slot.Buffer);
                slot.Buffer = null;
            }
        }
    }

    private struct Slot
    {
        public long Sequence;
        public TimeSpan StoredAt;
        public byte[]? Buffer;
        public int Length;
    }
}
