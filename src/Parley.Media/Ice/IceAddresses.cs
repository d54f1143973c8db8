namespace Parley.Media.Ice;

/// <summary>What ICE asks of an address.</summary>
internal static class IceAddresses
{
    private const uint Broadcast = 0xFFFFFFFF;

    /// <summary>0.0.0.0 or ::.</summary>
    public static bool IsUnspecified(this TransportAddress address) =>
        address.Address == 0 || (address.IsIPv4 && address.IPv4 == 0);

    /// <summary>fe80::/10: pairs only with its like (RFC 8445 §6.1.2.2).</summary>
    public static bool IsLinkLocalIPv6(this TransportAddress address) => address.Address >> 118 == 0x3FA;

    /// <summary>Whether one peer can be there: a port, and no wildcard, group or broadcast address.</summary>
    public static bool IsUnicast(this TransportAddress address) =>
        address.Port != 0 && !address.IsUnspecified()
        && (address.IsIPv4
            ? address.IPv4 >> 28 != 0xE && address.IPv4 != Broadcast
            : address.Address >> 120 != 0xFF);

    /// <summary>Whether the addresses make a pair: of one family, and both link-local or neither (RFC 8445 §6.1.2.2).</summary>
    public static bool CanPair(this TransportAddress local, TransportAddress remote) =>
        local.IsIPv4 == remote.IsIPv4 && local.IsLinkLocalIPv6() == remote.IsLinkLocalIPv6();
}
