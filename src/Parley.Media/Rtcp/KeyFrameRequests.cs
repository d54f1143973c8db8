using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>A picture loss indication (RFC 4585 §6.3.1).</summary>
/// <param name="SenderSsrc">Who asks.</param>
/// <param name="MediaSsrc">Whose picture was lost.</param>
public readonly record struct PictureLossIndication(uint SenderSsrc, uint MediaSsrc)
{
    /// <summary>False when it is another packet.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out PictureLossIndication indication)
    {
        indication = default;
        if (!packet.IsFeedback(RtcpPacketType.PayloadFeedback, RtcpFeedbackFormat.PictureLossIndication))
        {
            return false;
        }

        indication = new PictureLossIndication(
            BinaryPrimitives.ReadUInt32BigEndian(packet.Body), BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]));
        return true;
    }
}

/// <summary>One entry of a full intra request (RFC 5104 §4.3.1.1).</summary>
/// <param name="Ssrc">Who is asked for a key frame.</param>
/// <param name="SequenceNumber">Counts requests: a repeated request keeps its number.</param>
public readonly record struct FullIntraRequestEntry(uint Ssrc, byte SequenceNumber);

/// <summary>A full intra request (RFC 5104 §4.3.1): enumerates its entries.</summary>
public readonly ref struct FullIntraRequest
{
    internal const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _entries;

    private FullIntraRequest(uint senderSsrc, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = senderSsrc;
        _entries = entries;
    }

    /// <summary>Who asks.</summary>
    public uint SenderSsrc { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Length / EntryLength;

    /// <summary>False when it is another packet or carries no entry.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out FullIntraRequest request)
    {
        request = default;
        if (!packet.IsFeedback(RtcpPacketType.PayloadFeedback, RtcpFeedbackFormat.FullIntraRequest, 8 + EntryLength))
        {
            return false;
        }

        // The media SSRC of the common header is unused here (RFC 5104 §4.3.1.2).
        request = new FullIntraRequest(BinaryPrimitives.ReadUInt32BigEndian(packet.Body), packet.Body[8..]);
        return true;
    }

    /// <summary>The entry at <paramref name="index"/>, 0 to <see cref="Count"/> − 1.</summary>
    public FullIntraRequestEntry this[int index]
    {
        get
        {
            var entry = _entries.Slice(index * EntryLength, EntryLength);
            return new FullIntraRequestEntry(BinaryPrimitives.ReadUInt32BigEndian(entry), entry[4]);
        }
    }
}
