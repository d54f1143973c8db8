using System.Numerics;

namespace Parley.Media.Rtp;

/// <summary>
/// The last packets of one stream, from which NACKs are answered. They lie one after the other in pages, in order of arrival; the
/// oldest page is used again when all in it is too old, or when there are as many as the longest packets would need. Not thread-safe.
/// </summary>
public sealed unsafe class RtpPacketCache : IDisposable
{
    /// <summary>The default number of packets kept.</summary>
    public const int DefaultCapacity = 512;

    /// <summary>The longest packet kept: more than any path's MTU, and with our own extension, an RTX number and SRTP's tag still a datagram we write.</summary>
    public const int MaxPacketLength = 1_900;

    /// <summary>The default age after which a packet is not sent again: its frame was given up long ago.</summary>
    public static readonly TimeSpan DefaultMaxAge = TimeSpan.FromSeconds(2);

    private readonly PacketPages _memory;
    private readonly Slot[] _slots;
    private readonly Page[] _pages;
    private readonly TimeSpan _maxAge;
    private long _highest = -1;

    // Pages are counted from the first one ever taken; the ring holds those from _firstPage up to _nextPage.
    private long _firstPage;
    private long _nextPage;

    /// <summary>Bytes of the newest page that are taken.</summary>
    private int _used = PacketPages.PageSize;
    private bool _disposed;

    /// <summary>Keeps up to <paramref name="capacity"/> packets (a power of two up to 32,768) for up to <paramref name="maxAge"/>.</summary>
    /// <param name="capacity">How many.</param>
    /// <param name="maxAge">How long.</param>
    /// <param name="memory">Where they lie: shared with other caches of this thread, or null for its own.</param>
    public RtpPacketCache(int capacity, TimeSpan maxAge, PacketPages? memory = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 0x8000);
        if (!BitOperations.IsPow2(capacity)) throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Not a power of two.");
        _memory = memory ?? new PacketPages();
        _slots = new Slot[capacity];
        _slots.AsSpan().Fill(new Slot { Sequence = -1 });
        _pages = new Page[(capacity / (PacketPages.PageSize / MaxPacketLength)) + 2];
        _maxAge = maxAge;
    }

    /// <summary>Keeps <see cref="DefaultCapacity"/> packets for <see cref="DefaultMaxAge"/>.</summary>
    /// <param name="memory">Where they lie: shared with other caches of this thread, or null for its own.</param>
    public RtpPacketCache(PacketPages? memory = null)
        : this(DefaultCapacity, DefaultMaxAge, memory)
    {
    }

    /// <summary>Frees what was never disposed.</summary>
    ~RtpPacketCache()
    {
        for (; _firstPage < _nextPage; _firstPage++) PacketPages.Free(PageAt(_firstPage).Start);
    }

    /// <summary>
    /// Copies a packet in, over the one that is a whole capacity older. False, and nothing stored, when the packet is longer
    /// than <see cref="MaxPacketLength"/> or so late that its slot already serves a newer one.
    /// </summary>
    /// <param name="extendedSequenceNumber">Not negative; see <see cref="SequenceUnwrapper"/>.</param>
    /// <param name="packet">The whole RTP packet, before encryption.</param>
    /// <param name="now">The present; never earlier than before.</param>
    public bool Store(long extendedSequenceNumber, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(extendedSequenceNumber);
        ref var slot = ref _slots[extendedSequenceNumber & (_slots.Length - 1)];
        if (packet.Length > MaxPacketLength || slot.Sequence > extendedSequenceNumber)
        {
            return false;
        }

        if (_used + packet.Length > PacketPages.PageSize) TakePage(now);
        ref var page = ref PageAt(_nextPage - 1);
        packet.CopyTo(new Span<byte>(page.Start + _used, packet.Length));
        slot = new Slot { Sequence = extendedSequenceNumber, StoredAt = now, Page = _nextPage - 1, Offset = (ushort)_used, Length = (ushort)packet.Length };
        _used += packet.Length;
        page.LastAt = now;
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
        if (slot.Sequence != extendedSequenceNumber || slot.Page < _firstPage || now - slot.StoredAt > _maxAge)
        {
            return false;
        }

        packet = new ReadOnlySpan<byte>(PageAt(slot.Page).Start + slot.Offset, slot.Length);
        return true;
    }

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_firstPage < _nextPage) ReturnOldest();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back the pages in which all is too old, and goes on in another.</summary>
    private void TakePage(TimeSpan now)
    {
        while (_firstPage < _nextPage && (now - PageAt(_firstPage).LastAt > _maxAge || _nextPage - _firstPage == _pages.Length)) ReturnOldest();
        PageAt(_nextPage++) = new Page { Start = _memory.Take(), LastAt = now };
        _used = 0;
    }

    private void ReturnOldest() => _memory.Return(PageAt(_firstPage++).Start);

    private ref Page PageAt(long number) => ref _pages[number % _pages.Length];

    private struct Slot
    {
        public long Sequence;
        public TimeSpan StoredAt;
        public long Page;
        public ushort Offset;
        public ushort Length;
    }

    private struct Page
    {
        public byte* Start;
        public TimeSpan LastAt;
    }
}
