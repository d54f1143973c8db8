using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>
/// What a sender says of itself (RFC 3550 §6.4.1): ties its RTP clock to wall-clock time, for lip sync and round trips.
/// </summary>
/// <param name="Ssrc">The sender.</param>
/// <param name="NtpTime">When the report was sent, on the sender's clock.</param>
/// <param name="RtpTimestamp">The same instant on the RTP clock.</param>
/// <param name="PacketCount">RTP packets sent since the start.</param>
/// <param name="OctetCount">Payload bytes sent since the start.</param>
public readonly record struct SenderInfo(uint Ssrc, NtpTime NtpTime, uint RtpTimestamp, uint PacketCount, uint OctetCount);

/// <summary>An SR packet (RFC 3550 §6.4.1). Profile-specific extensions after the blocks are ignored.</summary>
public readonly ref struct SenderReport
{
    private readonly ReadOnlySpan<byte> _blocks;

    private SenderReport(SenderInfo info, ReadOnlySpan<byte> blocks)
    {
        Info = info;
        _blocks = blocks;
    }

    /// <summary>The sender's part.</summary>
    public SenderInfo Info { get; }

    /// <summary>What the sender received of others.</summary>
    public ReportBlockEnumerator ReportBlocks => new(_blocks);

    /// <summary>False when it is another type or its report blocks reach past the end.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out SenderReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.SenderReport || body.Length < 24 + packet.Count * ReportBlock.Length)
        {
            return false;
        }

        var info = new SenderInfo(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            new NtpTime(BinaryPrimitives.ReadUInt64BigEndian(body[4..])),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        report = new SenderReport(info, body.Slice(24, packet.Count * ReportBlock.Length));
        return true;
    }
}
