using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>What transport-wide feedback says of one packet.</summary>
/// <param name="SequenceNumber">The transport-wide sequence number.</param>
/// <param name="IsReceived">Whether it had arrived.</param>
/// <param name="Delta">Since the packet received before it (the first: since the reference time); zero when not received.</param>
/// <param name="Arrival">
/// When it arrived on the receiver's clock, from the 24-bit reference time: steps of 250 µs, wraps at ±149 h; zero when not
/// received.
/// </param>
public readonly record struct TransportCcStatus(ushort SequenceNumber, bool IsReceived, TimeSpan Delta, TimeSpan Arrival);

/// <summary>
/// Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): enumerates the
/// status of every sequence number from <see cref="BaseSequenceNumber"/> on.
/// </summary>
public readonly ref struct TransportCcFeedback
{
    internal const int FixedLength = 16; // of the body: two SSRCs, base, count, reference time, feedback count

    private readonly ReadOnlySpan<byte> _chunks;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportCcFeedback(ReadOnlySpan<byte> body, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        SenderSsrc = BinaryPrimitives.ReadUInt32BigEndian(body);
        MediaSsrc = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        BaseSequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(body[8..]);
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        ReferenceTime = (int)(BinaryPrimitives.ReadUInt32BigEndian(body[12..]) & 0xFFFFFF00) >> 8;
        FeedbackCount = body[15];
        _chunks = chunks;
        _deltas = deltas;
    }

    /// <summary>Who reports.</summary>
    public uint SenderSsrc { get; }

    /// <summary>One of the streams reported on; the feedback covers all of the connection.</summary>
    public uint MediaSsrc { get; }

    /// <summary>The first sequence number with a status.</summary>
    public ushort BaseSequenceNumber { get; }

    /// <summary>How many sequence numbers have a status, 1–65,535.</summary>
    public int StatusCount { get; }

    /// <summary>Signed 24 bits, in steps of 64 ms on the receiver's clock.</summary>
    public int ReferenceTime { get; }

    /// <summary>Counts feedback packets modulo 256, so that the sender notices lost ones.</summary>
    public byte FeedbackCount { get; }

    /// <summary>
    /// False when it is another packet, when it has no statuses, when chunks or deltas reach past the end, or when a status
    /// has the reserved symbol.
    /// </summary>
    public static bool TryParse(scoped in RtcpPacket packet, out TransportCcFeedback feedback)
    {
        feedback = default;
        var body = packet.Body;
        if (!packet.IsFeedback(RtcpPacketType.TransportFeedback, RtcpFeedbackFormat.TransportCc, FixedLength))
        {
            return false;
        }

        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (left == 0)
        {
            return false;
        }

        var position = FixedLength;
        var deltaLength = 0;
        while (left > 0)
        {
            if (body.Length - position < 2)
            {
                return false;
            }

            var chunk = new TransportCcChunk(BinaryPrimitives.ReadUInt16BigEndian(body[position..]));
            position += 2;
            var covered = Math.Min(chunk.Count, left);
            if (!chunk.TryGetDeltaLength(covered, out var length))
            {
                return false;
            }

            deltaLength += length;
            left -= covered;
        }

        // What follows the deltas is padding to 32 bits.
        if (body.Length - position < deltaLength)
        {
            return false;
        }

        feedback = new TransportCcFeedback(body, body[FixedLength..position], body.Slice(position, deltaLength));
        return true;
    }

    /// <summary>Walks the statuses, in sequence order; one step each, so at most 65,535.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The walk over chunks and deltas.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _chunks;
        private ReadOnlySpan<byte> _deltas;
        private TransportCcChunk _chunk;
        private int _index;
        private int _left;
        private ushort _next;
        private long _arrival;

        internal Enumerator(TransportCcFeedback feedback)
        {
            _chunks = feedback._chunks;
            _deltas = feedback._deltas;
            _left = feedback.StatusCount;
            _next = feedback.BaseSequenceNumber;
            _arrival = (long)feedback.ReferenceTime * TransportCcTime.UnitsPerReference;
        }

        /// <summary>The status the last <see cref="MoveNext"/> found.</summary>
        public TransportCcStatus Current { get; private set; }

        /// <summary>Steps to the next sequence number.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            while (_index >= _chunk.Count)
            {
                _chunk = new TransportCcChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
                _chunks = _chunks[2..];
                _index = 0;
            }

            var size = _chunk[_index++];
            var sequenceNumber = _next++;
            _left--;
            if (size == TransportCcChunk.NotReceived)
            {
                Current = new TransportCcStatus(sequenceNumber, false, TimeSpan.Zero, TimeSpan.Zero);
                return true;
            }

            var delta = size == TransportCcChunk.SmallDelta ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas);
            _deltas = _deltas[size..];
            _arrival += delta;
            Current = new TransportCcStatus(
                sequenceNumber, true, TransportCcTime.ToTimeSpan(delta), TransportCcTime.ToTimeSpan(_arrival));
            return true;
        }
    }
}

/// <summary>The units of transport-wide feedback: deltas count 250 µs, the reference time 64 ms.</summary>
internal static class TransportCcTime
{
    internal const long TicksPerUnit = 250 * TimeSpan.TicksPerMicrosecond;
    internal const int UnitsPerReference = 256;

    internal static TimeSpan ToTimeSpan(long units) => new(units * TicksPerUnit);

    /// <summary>Whole units, rounded down, also below zero.</summary>
    internal static long ToUnits(TimeSpan time) => (time.Ticks - (time.Ticks % TicksPerUnit + TicksPerUnit) % TicksPerUnit) / TicksPerUnit;
}
