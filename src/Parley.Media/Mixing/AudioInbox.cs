using System.Runtime.InteropServices;

namespace Parley.Media.Mixing;

/// <summary>
/// Carries Opus payloads from one network thread to one mixer thread: a bounded ring without locks, its memory allocated with the first
/// packet. One thread may write and one may read; which thread it is may change if the change itself is synchronised.
/// </summary>
/// <param name="arrivals">Raised with each packet.</param>
public sealed class AudioInbox(ArrivalFlag? arrivals = null)
{
    /// <summary>How many packets wait at most: over a second of 20 ms packets. A power of two.</summary>
    public const int Capacity = 64;

    /// <summary>Bytes that wait at most: that second at 128 kb/s, and 240 ms at Opus's highest bitrate. A power of two.</summary>
    internal const int Bytes = 16_384;

    private const long NothingMixed = long.MinValue;

    private byte[] _payloads = [];
    private Header[] _headers = [];
    private long _writtenBytes;
    private Cursors _cursors;
    private int _generation;
    private long _mixed = NothingMixed;
    private long _overflows;
    private long _refused;
    private int _level = -1;

    /// <summary>Packets refused because the mixer did not keep up. Any thread may read it.</summary>
    public long Overflows => Volatile.Read(ref _overflows);

    /// <summary>Packets refused because they are empty or longer than 1,500 bytes. Any thread may read it.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The level that the newest packet told (RFC 6464), −dBov; null when it told none. The network thread writes it before the packet.</summary>
    public byte? Level
    {
        get => Volatile.Read(ref _level) is >= 0 and var level ? (byte)level : null;
        set => Volatile.Write(ref _level, value ?? -1);
    }

    /// <summary>Mixer thread: whether no packet waits.</summary>
    public bool IsEmpty => _cursors.Read == Volatile.Read(ref _cursors.Written);

    /// <summary>
    /// Network thread: says that the packets written from now on are another stream (a new SSRC, or the sender restarted),
    /// so that neither their sequence numbers nor their decoder state continue what was before.
    /// </summary>
    public void Restart() => _generation++;

    /// <summary>Network thread: hands one packet over by copy.</summary>
    /// <param name="sequence">The sequence number, extended to count on past 65,535.</param>
    /// <param name="timestamp">The RTP timestamp in samples at 48 kHz, extended alike.</param>
    /// <param name="arrival">When it came, on the clock of the mixer's ticks.</param>
    /// <param name="opus">The payload, 1 … 1,500 bytes.</param>
    /// <returns>False when the ring is full or the payload has an impossible size; both are counted.</returns>
    public bool TryWrite(long sequence, long timestamp, TimeSpan arrival, ReadOnlySpan<byte> opus)
    {
        if (opus.IsEmpty || opus.Length > AudioFormat.MaxPacketBytes)
        {
            Volatile.Write(ref _refused, _refused + 1);
            return false;
        }

        if (_headers.Length == 0) (_headers, _payloads) = (new Header[Capacity], new byte[Bytes]);
        var (written, read) = (_cursors.Written, Volatile.Read(ref _cursors.Read));

        // A payload lies in one piece: where it would reach past the end, it begins at the front.
        var at = _writtenBytes;
        var untilEnd = Bytes - (int)(at & (Bytes - 1));
        if (opus.Length > untilEnd) at += untilEnd;
        var free = read == 0 ? 0 : _headers[(read - 1) & (Capacity - 1)].End;
        if (written - read == Capacity || at + opus.Length - free > Bytes)
        {
            Volatile.Write(ref _overflows, _overflows + 1);
            return false;
        }

        _writtenBytes = at + opus.Length;
        _headers[written & (Capacity - 1)] = new Header(sequence, timestamp, arrival, _generation, opus.Length, _writtenBytes);
        opus.CopyTo(_payloads.AsSpan((int)(at & (Bytes - 1))));
        Volatile.Write(ref _cursors.Written, written + 1);
        arrivals?.Raise();
        return true;
    }

    /// <summary>Mixer thread: the oldest packet, which stays until <see cref="Release"/>.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryPeek(out InboxPacket packet)
    {
        var read = _cursors.Read;
        if (read == Volatile.Read(ref _cursors.Written))
        {
            packet = default;
            return false;
        }

        ref readonly var header = ref _headers[read & (Capacity - 1)];
        packet = new InboxPacket(
            header.Sequence,
            header.Timestamp,
            header.Arrival,
            header.Generation,
            _payloads.AsSpan((int)((header.End - header.Length) & (Bytes - 1)), header.Length));
        return true;
    }

    /// <summary>Mixer thread: gives the slot of the packet last peeked back to the writer.</summary>
    public void Release() => Volatile.Write(ref _cursors.Read, _cursors.Read + 1);

    /// <summary>Mixer thread: says which sample a tick begins with.</summary>
    internal void NoteMixed(long timestamp, TimeSpan tick) => Volatile.Write(ref _mixed, tick.Ticks - AudioFormat.Ticks(timestamp));

    /// <summary>Mixer thread: what was noted is of a stream that has ended.</summary>
    internal void ForgetMixed() => Volatile.Write(ref _mixed, NothingMixed);

    /// <summary>Any thread: the timestamp, extended, that is mixed at this moment or would be if the voice went on; null before it was heard.</summary>
    internal long? TimestampMixedAt(TimeSpan now) => Volatile.Read(ref _mixed) is var mixed and not NothingMixed ? AudioFormat.Samples(now.Ticks - mixed) : null;

    /// <param name="Sequence">The extended sequence number.</param>
    /// <param name="Timestamp">The extended timestamp.</param>
    /// <param name="Arrival">When it came.</param>
    /// <param name="Generation">Counts the sender's restarts.</param>
    /// <param name="Length">Of the payload.</param>
    /// <param name="End">Where the payload ends, counted from the first byte ever written.</param>
    private readonly record struct Header(long Sequence, long Timestamp, TimeSpan Arrival, int Generation, int Length, long End);

    /// <summary>A cache line of its own for each cursor, so that the two threads do not take turns on one.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Cursors
    {
        [FieldOffset(64)]
        public long Written;

        [FieldOffset(128)]
        public long Read;
    }
}

/// <summary>A packet in an <see cref="AudioInbox"/>; its payload lives there until it is released.</summary>
/// <param name="sequence">The extended sequence number.</param>
/// <param name="timestamp">The extended timestamp, samples at 48 kHz.</param>
/// <param name="arrival">When it came.</param>
/// <param name="generation">Counts the sender's restarts.</param>
/// <param name="payload">The Opus packet.</param>
public readonly ref struct InboxPacket(
    long sequence, long timestamp, TimeSpan arrival, int generation, ReadOnlySpan<byte> payload)
{
    /// <summary>The extended sequence number.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The extended timestamp, samples at 48 kHz.</summary>
    public long Timestamp { get; } = timestamp;

    /// <summary>When it came, on the clock of the mixer's ticks.</summary>
    public TimeSpan Arrival { get; } = arrival;

    /// <summary>Differs from the packet before when the sender restarted in between.</summary>
    public int Generation { get; } = generation;

    /// <summary>The Opus packet.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;
}
