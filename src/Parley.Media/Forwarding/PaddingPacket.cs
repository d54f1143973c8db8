using System.Buffers.Binary;

namespace Parley.Media.Forwarding;

/// <summary>An RTP packet of nothing but padding: a probe where there is nothing to send again.</summary>
internal static class PaddingPacket
{
    /// <summary>Bytes of padding: one byte counts it (RFC 3550 §5.1).</summary>
    public const int Padding = 255;

    /// <summary>Writes it; its length.</summary>
    public static int Write(
        Span<byte> destination, ushort sequence, uint timestamp, uint ssrc, byte payloadType, byte transportId, ushort transportSequence)
    {
        destination[0] = (byte)(0xA0 | (transportId == 0 ? 0 : 0x10));
        destination[1] = payloadType;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
        var length = StreamRewriter.HeaderLength;
        if (transportId != 0)
        {
            TransportExtension.Write(destination[length..], transportId, transportSequence);
            length += StreamRewriter.ExtensionLength;
        }

        destination.Slice(length, Padding).Clear();
        length += Padding;
        destination[length - 1] = Padding;
        return length;
    }
}
