using System.Buffers.Binary;

namespace Parley.Media.Forwarding;

/// <summary>A header extension block with nothing but the transport-wide sequence number, always eight bytes (RFC 8285 §4).</summary>
internal static class TransportExtension
{
    private const int LargestOneByteId = 14;

    /// <summary>Writes the block behind the fixed header.</summary>
    public static void Write(Span<byte> destination, byte id, ushort sequence)
    {
        // One 32-bit word either way: id and length in one byte and a byte of padding, or a byte each.
        var oneByte = id <= LargestOneByteId;
        BinaryPrimitives.WriteUInt32BigEndian(destination, oneByte ? 0xBEDE_0001 : 0x1000_0001);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], oneByte
            ? (uint)(id << 28) | (1u << 24) | ((uint)sequence << 8)
            : (uint)(id << 24) | (2u << 16) | sequence);
    }
}
