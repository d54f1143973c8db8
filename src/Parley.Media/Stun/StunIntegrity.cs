using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Media.Stun;

/// <summary>The value of MESSAGE-INTEGRITY (RFC 8489 §14.5).</summary>
internal static class StunIntegrity
{
    /// <summary>Sets the header's length to end behind MESSAGE-INTEGRITY and takes the HMAC-SHA1.</summary>
    /// <param name="message">The message up to the attribute; its length field is overwritten.</param>
    /// <param name="key">The key.</param>
    /// <param name="mac">20 bytes to write.</param>
    public static void Compute(Span<byte> message, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        const int Attribute = StunMessage.AttributeHeaderLength + StunMessage.IntegrityLength;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(message.Length - StunMessage.HeaderLength + Attribute));
#pragma warning disable CA5350 // The attribute is HMAC-SHA1; browsers send no other.
        HMACSHA1.HashData(key, message, mac);
#pragma warning restore CA5350
    }
}
