using System.Buffers.Binary;
using Parley.Media;

namespace Parley.Sockets;

/// <summary>
/// The bytes of sockaddr_in and sockaddr_in6 after the family: on every system .NET runs on the port is at 2, and the address at
/// 4 and at 8.
/// </summary>
internal static class SockAddr
{
    /// <summary>The length of the longer one.</summary>
    public const int MaxLength = 28;

    /// <summary>The length of sockaddr_in.</summary>
    public const int IPv4Length = 16;

    /// <summary>The address in at least <see cref="IPv4Length"/> or <see cref="MaxLength"/> bytes.</summary>
    public static TransportAddress Read(ReadOnlySpan<byte> bytes, bool isIPv6)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return isIPv6
            ? TransportAddress.FromIPv6(bytes.Slice(8, 16), port)
            : TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
    }

    /// <summary>Writes port and address; false when the address is an IPv6 one and the socket is not.</summary>
    public static bool TryWrite(Span<byte> bytes, bool isIPv6, TransportAddress address)
    {
        if (!isIPv6 && !address.IsIPv4) return false;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (isIPv6) address.WriteIPv6(bytes[8..]);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], address.IPv4);
        return true;
    }
}
