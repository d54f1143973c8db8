namespace Parley.Media.Turn;

/// <summary>What limits count as one source of clients.</summary>
public static class SourceNetwork
{
    /// <summary>An IPv4 address as it is, or the IPv6 network of 64 bits, which is what one household has.</summary>
    public static UInt128 Of(TransportAddress address) =>
        address.IsIPv4 ? address.Address : address.Address >> 64 << 64;
}
