using System.Buffers.Binary;

namespace Parley.Media.Rtcp;

/// <summary>REMB (draft-alvestrand-rmcat-remb-03 §2.2): the total bitrate a receiver believes it can take.</summary>
public readonly ref struct ReceiverEstimatedMaximumBitrate
{
    internal const uint Identifier = 0x52454D42; // "REMB"
    internal const int MaxMantissa = 0x3FFFF;

    private ReceiverEstimatedMaximumBitrate(uint senderSsrc, ulong bitrate, SsrcList ssrcs)
    {
        SenderSsrc = senderSsrc;
        Bitrate = bitrate;
        Ssrcs = ssrcs;
    }

    /// <summary>Who says so.</summary>
    public uint SenderSsrc { get; }

    /// <summary>Bits per second over all <see cref="Ssrcs"/>, at most <see cref="long.MaxValue"/>.</summary>
    public ulong Bitrate { get; }

    /// <summary>The streams the bitrate is for, 0–255.</summary>
    public SsrcList Ssrcs { get; }

    /// <summary>False when it is another packet, the SSRCs reach past the end, or the bitrate exceeds 63 bits.</summary>
    public static bool TryParse(scoped in RtcpPacket packet, out ReceiverEstimatedMaximumBitrate remb)
    {
        remb = default;
        var body = packet.Body;
        if (!packet.IsFeedback(RtcpPacketType.PayloadFeedback, RtcpFeedbackFormat.ApplicationLayer, 16)
            || BinaryPrimitives.ReadUInt32BigEndian(body[8..]) != Identifier)
        {
            return false;
        }

        var packed = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        var count = (int)(packed >> 24);
        var exponent = (int)(packed >> 18 & 0x3F);
        var mantissa = (ulong)(packed & MaxMantissa);
        if (body.Length < 16 + count * 4 || mantissa > (ulong)long.MaxValue >> exponent)
        {
            return false;
        }

        remb = new ReceiverEstimatedMaximumBitrate(
            BinaryPrimitives.ReadUInt32BigEndian(body), mantissa << exponent, new SsrcList(body.Slice(16, count * 4)));
        return true;
    }
}
