using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>An RR packet (RFC 3550 §6.4.2). Profile-specific extensions after the blocks are ignored.</summary>
public readonly ref struct ReceiverReport
{
    private readonly ReadOnlySpan<byte> _blocks;

    private ReceiverReport(uint ssrc, ReadOnlySpan<byte> blocks)
    {
        Ssrc = ssrc;
        _blocks = blocks;
    }

    /// <summary>The reporter.</summary>
    public uint Ssrc { get; }

    /// <summary>What the reporter received.</summary>
    public ReportBlockEnumerator ReportBlocks => new(_blocks);

    /// <summary>False when it is another type or its report blocks reach past the end.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out ReceiverReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.ReceiverReport || body.Length < 4 + packet.Count * ReportBlock.Length)
        {
            return false;
        }

        report = new ReceiverReport(BinaryPrimitives.ReadUInt32BigEndian(body), body.Slice(4, packet.Count * ReportBlock.Length));
        return true;
    }
}
