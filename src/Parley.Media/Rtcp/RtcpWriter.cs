using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>
/// Appends RTCP packets to a compound in the caller's buffer. A packet that does not fit is not begun: the method returns
/// false and the compound stays as it was. Every packet is a multiple of four bytes; the P bit is never set.
/// </summary>
public ref struct RtcpWriter(Span<byte> buffer)
{
    private const int HeaderLength = 4;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The compound so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>SR with up to 31 report blocks (RFC 3550 §6.4.1).</summary>
    public bool WriteSenderReport(in SenderInfo info, scoped ReadOnlySpan<ReportBlock> blocks = default)
    {
        if (!TryBegin(RtcpPacketType.SenderReport, BlockCount(blocks), 24 + blocks.Length * ReportBlock.Length, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, info.Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], info.NtpTime.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], info.RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], info.PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], info.OctetCount);
        WriteBlocks(body[24..], blocks);
        return true;
    }

    /// <summary>RR with up to 31 report blocks (RFC 3550 §6.4.2); an empty one opens a compound with nothing to report.</summary>
    public bool WriteReceiverReport(uint ssrc, scoped ReadOnlySpan<ReportBlock> blocks = default)
    {
        if (!TryBegin(RtcpPacketType.ReceiverReport, BlockCount(blocks), 4 + blocks.Length * ReportBlock.Length, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        WriteBlocks(body[4..], blocks);
        return true;
    }

    /// <summary>SDES with one chunk that holds a CNAME of up to 255 bytes (RFC 3550 §6.5.1).</summary>
    public bool WriteSourceDescription(uint ssrc, scoped ReadOnlySpan<byte> cname)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cname.Length, 255, nameof(cname));

        // At least one zero ends the chunk.
        if (!TryBegin(RtcpPacketType.SourceDescription, 1, Align(4 + 2 + cname.Length + 1), out var body))
        {
            return false;
        }

        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        body[4] = SourceDescriptionItemType.Cname;
        body[5] = (byte)cname.Length;
        cname.CopyTo(body[6..]);
        return true;
    }

    /// <summary>BYE for up to 31 sources, with a reason of up to 255 bytes of UTF-8 or none (RFC 3550 §6.6).</summary>
    public bool WriteBye(scoped ReadOnlySpan<uint> ssrcs, scoped ReadOnlySpan<byte> reason = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ssrcs.Length, 31, nameof(ssrcs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, 255, nameof(reason));
        var reasonLength = reason.IsEmpty ? 0 : Align(1 + reason.Length);
        if (!TryBegin(RtcpPacketType.Bye, (byte)ssrcs.Length, ssrcs.Length * 4 + reasonLength, out var body))
        {
            return false;
        }

        body.Clear();
        WriteSsrcs(body, ssrcs);
        if (!reason.IsEmpty)
        {
            body[ssrcs.Length * 4] = (byte)reason.Length;
            reason.CopyTo(body[(ssrcs.Length * 4 + 1)..]);
        }

        return true;
    }

    /// <summary>
    /// Generic NACK (RFC 4585 §6.2.1). Any order is right; ascending order packs up to 17 numbers into four bytes. At least
    /// one number.
    /// </summary>
    public bool WriteNack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> lost)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lost.Length, nameof(lost));
        var entries = 0;
        for (var i = 0; i < lost.Length; i += NackEntry(lost[i..], out _))
        {
            entries++;
        }

        if (!TryBeginFeedback(
            RtcpPacketType.TransportFeedback, RtcpFeedbackFormat.GenericNack, senderSsrc, mediaSsrc, entries * 4, out var body))
        {
            return false;
        }

        for (var i = 0; i < lost.Length;)
        {
            BinaryPrimitives.WriteUInt16BigEndian(body, lost[i]);
            i += NackEntry(lost[i..], out var mask);
            BinaryPrimitives.WriteUInt16BigEndian(body[2..], mask);
            body = body[4..];
        }

        return true;
    }

    /// <summary>PLI (RFC 4585 §6.3.1).</summary>
    public bool WritePictureLossIndication(uint senderSsrc, uint mediaSsrc) => TryBeginFeedback(
        RtcpPacketType.PayloadFeedback, RtcpFeedbackFormat.PictureLossIndication, senderSsrc, mediaSsrc, 0, out _);

    /// <summary>FIR with at least one entry (RFC 5104 §4.3.1).</summary>
    public bool WriteFullIntraRequest(uint senderSsrc, scoped ReadOnlySpan<FullIntraRequestEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Length, nameof(entries));

        // The media SSRC is unused and zero (RFC 5104 §4.3.1.2).
        if (!TryBeginFeedback(
            RtcpPacketType.PayloadFeedback,
            RtcpFeedbackFormat.FullIntraRequest,
            senderSsrc,
            0,
            entries.Length * FullIntraRequest.EntryLength,
            out var body))
        {
            return false;
        }

        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body, entry.Ssrc);
            BinaryPrimitives.WriteUInt32BigEndian(body[4..], (uint)entry.SequenceNumber << 24);
            body = body[FullIntraRequest.EntryLength..];
        }

        return true;
    }

    /// <summary>
    /// REMB for up to 255 streams (draft-alvestrand-rmcat-remb-03 §2.2); the bitrate, at most <see cref="long.MaxValue"/>
    /// bits per second, is rounded down to 18 significant bits.
    /// </summary>
    public bool WriteRemb(uint senderSsrc, ulong bitrate, scoped ReadOnlySpan<uint> ssrcs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ssrcs.Length, 255, nameof(ssrcs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitrate, (ulong)long.MaxValue);
        if (!TryBeginFeedback(
            RtcpPacketType.PayloadFeedback, RtcpFeedbackFormat.ApplicationLayer, senderSsrc, 0, 8 + ssrcs.Length * 4, out var body))
        {
            return false;
        }

        var exponent = Math.Max(0, 64 - 18 - System.Numerics.BitOperations.LeadingZeroCount(bitrate));
        BinaryPrimitives.WriteUInt32BigEndian(body, ReceiverEstimatedMaximumBitrate.Identifier);
        BinaryPrimitives.WriteUInt32BigEndian(
            body[4..], (uint)ssrcs.Length << 24 | (uint)exponent << 18 | (uint)(bitrate >> exponent));
        WriteSsrcs(body[8..], ssrcs);
        return true;
    }

    /// <summary>
    /// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) for consecutive sequence numbers:
    /// <paramref name="deltas"/> in 250 µs since the packet received before, int.MinValue for one not received. Writes as
    /// many of them as fit and says how many; false when none does.
    /// </summary>
    internal bool WriteTransportCc(
        uint senderSsrc,
        uint mediaSsrc,
        ushort baseSequenceNumber,
        int referenceTime,
        byte feedbackCount,
        scoped ReadOnlySpan<int> deltas,
        out int encoded)
    {
        encoded = 0;
        if (_buffer.Length - Length < HeaderLength + TransportCcFeedback.FixedLength)
        {
            return false;
        }

        var length = TransportCcEncoder.Encode(
            _buffer[(Length + HeaderLength)..], deltas[..Math.Min(deltas.Length, ushort.MaxValue)], out encoded);
        if (encoded == 0 || !TryBeginFeedback(
            RtcpPacketType.TransportFeedback, RtcpFeedbackFormat.TransportCc, senderSsrc, mediaSsrc, length - 8, out var body))
        {
            encoded = 0;
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(body, baseSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)encoded);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], (uint)referenceTime << 8 | feedbackCount);
        return true;
    }

    private static int Align(int length) => (length + 3) & ~3;

    private static byte BlockCount(ReadOnlySpan<ReportBlock> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks.Length, ReportBlock.MaxCount, nameof(blocks));
        return (byte)blocks.Length;
    }

    private static void WriteBlocks(Span<byte> destination, ReadOnlySpan<ReportBlock> blocks)
    {
        foreach (ref readonly var block in blocks)
        {
            block.Write(destination);
            destination = destination[ReportBlock.Length..];
        }
    }

    private static void WriteSsrcs(Span<byte> destination, ReadOnlySpan<uint> ssrcs)
    {
        for (var i = 0; i < ssrcs.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(i * 4)..], ssrcs[i]);
        }
    }

    /// <summary>How many numbers the entry that starts with the first takes, and its BLP.</summary>
    private static int NackEntry(ReadOnlySpan<ushort> lost, out ushort mask)
    {
        mask = 0;
        var taken = 1;
        for (; taken < lost.Length; taken++)
        {
            var distance = (ushort)(lost[taken] - lost[0]);
            if (distance > 16)
            {
                break;
            }

            mask |= (ushort)(distance == 0 ? 0 : 1 << (distance - 1));
        }

        return taken;
    }

    private bool TryBeginFeedback(
        RtcpPacketType type, byte format, uint senderSsrc, uint mediaSsrc, int length, out Span<byte> information)
    {
        if (!TryBegin(type, format, 8 + length, out var body))
        {
            information = default;
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        information = body[8..];
        return true;
    }

    private bool TryBegin(RtcpPacketType type, byte count, int bodyLength, out Span<byte> body)
    {
        body = default;
        if (_buffer.Length - Length < HeaderLength + bodyLength || bodyLength / 4 > ushort.MaxValue)
        {
            return false;
        }

        var packet = _buffer.Slice(Length, HeaderLength + bodyLength);
        packet[0] = (byte)(Rtp.RtpHeader.Version << 6 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyLength / 4));
        Length += packet.Length;
        body = packet[HeaderLength..];
        return true;
    }
}
