using System.Buffers;
using System.Numerics;

namespace Parley.Media.Video;

/// <summary>
/// The packets that a <see cref="VideoFrameBuffer"/> holds, each at the place that its sequence number gives it. Their bytes lie in
/// cells of blocks that are rented when first needed and used again and again until <see cref="Dispose"/>, so a stream takes as
/// much memory as its largest frames, and its steady state allocates nothing.
/// </summary>
internal sealed class VideoPacketRing : IDisposable
{
    /// <summary>The longest VP8 data of a packet: more than any path's MTU.</summary>
    public const int CellLength = 2048;

    private const int CellsInBlock = 32;

    private readonly ArrayPool<byte> _pool;
    private readonly Slot[] _slots;
    private readonly byte[]?[] _blocks;
    private readonly ushort[] _freeCells;
    private readonly int _mask;
    private int _freeCount;
    private int _cells;

    /// <param name="capacity">A power of two, 16–16,384.</param>
    /// <param name="pool">Where blocks come from.</param>
    public VideoPacketRing(int capacity, ArrayPool<byte> pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 16_384);
        if (!BitOperations.IsPow2(capacity)) throw new ArgumentException("Not a power of two.", nameof(capacity));
        _pool = pool;
        _slots = new Slot[capacity];
        _blocks = new byte[(capacity + CellsInBlock - 1) / CellsInBlock][];
        _freeCells = new ushort[capacity];
        _mask = capacity - 1;
    }

    /// <summary>The most packets held.</summary>
    public int Capacity => _slots.Length;

    /// <summary>How many packets are held.</summary>
    public int Count { get; private set; }

    /// <summary>The packet with this sequence number; it must be held.</summary>
    public ref Slot this[long sequence] => ref _slots[sequence & _mask];

    /// <summary>Whether the packet is held.</summary>
    public bool Holds(long sequence)
    {
        ref readonly var slot = ref _slots[sequence & _mask];
        return slot.IsHeld && slot.Sequence == sequence;
    }

    /// <summary>The VP8 data of a packet that is held.</summary>
    public ReadOnlySpan<byte> Data(in Slot slot) => Cell(slot.Cell).AsSpan(Offset(slot.Cell), slot.Length);

    /// <summary>Holds a packet; its place must be free and its data fit a cell.</summary>
    public ref Slot Store(long sequence, ReadOnlySpan<byte> data)
    {
        var cell = _freeCount > 0 ? _freeCells[--_freeCount] : (ushort)_cells++;
        ref var block = ref _blocks[cell / CellsInBlock];
        block ??= _pool.Rent(CellsInBlock * CellLength);
        data.CopyTo(block.AsSpan(Offset(cell)));
        ref var slot = ref _slots[sequence & _mask];
        slot = new Slot { IsHeld = true, Sequence = sequence, Cell = cell, Length = (ushort)data.Length, Start = Slot.Unknown };
        Count++;
        return ref slot;
    }

    /// <summary>Lets go of a packet.</summary>
    /// <returns>Whether it was held.</returns>
    public bool Release(long sequence)
    {
        if (!Holds(sequence)) return false;
        ref var slot = ref _slots[sequence & _mask];
        slot.IsHeld = false;
        _freeCells[_freeCount++] = slot.Cell;
        Count--;
        return true;
    }

    /// <summary>Lets go of everything and gives the memory back; the ring is empty and can be used again.</summary>
    public void Dispose()
    {
        Array.Clear(_slots);
        foreach (ref var block in _blocks.AsSpan())
        {
            if (block is not null) _pool.Return(block);
            block = null;
        }

        _cells = _freeCount = Count = 0;
    }

    private static int Offset(ushort cell) => cell % CellsInBlock * CellLength;

    private byte[] Cell(ushort cell) => _blocks[cell / CellsInBlock]!;

    /// <summary>One packet.</summary>
    internal struct Slot
    {
        /// <summary>The frame's first packet has not come, or something lies between.</summary>
        public const long Unknown = long.MinValue;

        public long Sequence;
        public long Timestamp;
        public TimeSpan ArrivedAt;

        /// <summary>The sequence number of its frame's first packet.</summary>
        public long Start;

        /// <summary>In a frame's first packet: the last one up to which none is missing.</summary>
        public long Reach;
        public ushort Cell;
        public ushort Length;
        public bool IsHeld;
        public bool StartsFrame;
        public bool IsKeyframe;
        public bool Marker;

        /// <summary>In a frame's first packet: whether it reaches to the marker.</summary>
        public bool IsComplete;

        /// <summary>Padding only (RFC 3550 §5.1): takes a sequence number and has no data.</summary>
        public readonly bool IsPadding => Length == 0;
    }
}
