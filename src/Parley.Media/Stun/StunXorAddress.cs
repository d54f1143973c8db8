using System.Buffers.Binary;

namespace Parley.Media.Stun;

/// <summary>The value of XOR-MAPPED-ADDRESS and its kin (RFC 8489 §14.2): an address that NATs do not rewrite in passing.</summary>
internal static class StunXorAddress
{
    public const int IPv4Length = 8;

    public const int IPv6Length = 20;

    public const byte FamilyIPv4 = 1;

    public const byte FamilyIPv6 = 2;

    /// <summary>Reads a value of 8 (IPv4) or 20 (IPv6) bytes; false when it is neither.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transactionId, out TransportAddress address)
    {
        address = default;
        if (value.Length is not (IPv4Length or IPv6Length)
            || value[1] != (value.Length == IPv4Length ? FamilyIPv4 : FamilyIPv6))
        {
            return false;
        }

        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunMessage.MagicCookie >> 16));
        address = value.Length == IPv4Length
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ StunMessage.MagicCookie, port)
            : new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ Mask(transactionId), port);
        return true;
    }

    /// <summary>Reads a value of the same form without the XOR: MAPPED-ADDRESS and its kin (RFC 8489 §14.1).</summary>
    public static bool TryReadPlain(ReadOnlySpan<byte> value, out TransportAddress address)
    {
        address = default;
        if (value.Length is not (IPv4Length or IPv6Length)
            || value[1] != (value.Length == IPv4Length ? FamilyIPv4 : FamilyIPv6))
        {
            return false;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        address = value.Length == IPv4Length
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]), port)
            : TransportAddress.FromIPv6(value[4..], port);
        return true;
    }

    /// <summary>Writes the value and returns its length; 20 bytes are enough.</summary>
    public static int Write(TransportAddress address, ReadOnlySpan<byte> transactionId, Span<byte> value)
    {
        value[0] = 0;
        value[1] = address.IsIPv4 ? FamilyIPv4 : FamilyIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4 ^ StunMessage.MagicCookie);
            return IPv4Length;
        }

        BinaryPrimitives.WriteUInt128BigEndian(value[4..], address.Address ^ Mask(transactionId));
        return IPv6Length;
    }

    /// <summary>IPv6 is masked with the cookie and the transaction id.</summary>
    private static UInt128 Mask(ReadOnlySpan<byte> transactionId) =>
        ((UInt128)StunMessage.MagicCookie << 96)
        | ((UInt128)BinaryPrimitives.ReadUInt32BigEndian(transactionId) << 64)
        | BinaryPrimitives.ReadUInt64BigEndian(transactionId[4..]);
}
