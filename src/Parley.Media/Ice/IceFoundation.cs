using System.Globalization;

namespace Parley.Media.Ice;

/// <summary>Foundations (RFC 8445 §5.1.1.3): a number that follows type, base address and server, and no port. FNV-1a, 32 bits.</summary>
internal static class IceFoundation
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>The protocol's number (RFC 9293).</summary>
    private const uint Tcp = 6;

    /// <summary>Of a host candidate.</summary>
    public static string Of(TransportAddress address) => Hash(OffsetBasis, address).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of a host candidate over TCP, which must differ from that over UDP (RFC 8445 §5.1.1.3).</summary>
    public static string OfTcp(TransportAddress address) => Hash(OffsetBasis ^ Tcp, address).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of a candidate that a server gave.</summary>
    public static string Of(IceCandidateType type, TransportAddress baseAddress, TransportAddress server) =>
        Hash(Hash((OffsetBasis ^ (uint)type) * Prime, baseAddress), server).ToString(CultureInfo.InvariantCulture);

    private static uint Hash(uint hash, TransportAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteIPv6(bytes);
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * Prime;
        }

        return hash;
    }
}
