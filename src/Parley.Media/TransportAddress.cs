using System.Buffers.Binary;
using System.Net;

namespace Parley.Media;

/// <summary>
/// An address and port as a value: hashed and compared without allocation. IPv4 addresses are held IPv4-mapped
/// (RFC 4291 §2.5.5.2), so one dual-mode socket and one dictionary serve both families.
/// </summary>
/// <param name="Address">The 128 bits of IPv6.</param>
/// <param name="Port">The port.</param>
/// <param name="Connection">
/// 0 for UDP. For TCP the host's number of the connection, never used again: so what was proved over one connection holds for no
/// other, be it from the same address and port. It lies where the struct had padding.
/// </param>
/// <param name="Local">
/// Of a UDP peer, the host's number of its own address that the peer sends to, so that answers leave from there: who asked at one address
/// takes no answer from another (RFC 8445 §7.2.5.2.1). 0 where the system may choose. It lies in the padding too.
/// </param>
public readonly record struct TransportAddress(UInt128 Address, ushort Port, uint Connection = 0, ushort Local = 0)
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>Whether it is one TCP connection's other end, and not a UDP address.</summary>
    public bool IsTcp => Connection != 0;

    /// <summary>Whether the address is an IPv4 one.</summary>
    public bool IsIPv4 => Address >> 32 == 0xFFFF;

    /// <summary>The address as the 16 bytes of IPv6, network order.</summary>
    public void WriteIPv6(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Address);

    /// <summary>The low 32 bits: the IPv4 address when <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => (uint)Address;

    /// <summary>From an IPv4 address in host order.</summary>
    public static TransportAddress FromIPv4(uint address, ushort port) => new(MappedPrefix | address, port);

    /// <summary>From the 16 bytes of an IPv6 address, network order.</summary>
    public static TransportAddress FromIPv6(ReadOnlySpan<byte> address, ushort port) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(address), port);

    /// <summary>From the platform's endpoint; for tests and configuration, not for the per-packet path.</summary>
    public static TransportAddress From(IPEndPoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endpoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return FromIPv6(bytes, (ushort)endpoint.Port);
    }

    /// <summary>To the platform's endpoint: IPv4 addresses come back unmapped.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteIPv6(bytes);
        var address = new IPAddress(bytes);
        return new IPEndPoint(IsIPv4 ? address.MapToIPv4() : address, Port);
    }

    /// <inheritdoc/>
    public override string ToString() => IsTcp ? $"{ToEndPoint()}/tcp" : ToEndPoint().ToString();
}
