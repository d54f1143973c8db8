namespace Parley.Media.Turn;

/// <summary>What counts as one source of clients: an IPv4 address, or an IPv6 network of 64 bits, which is what one household has.</summary>
internal static class SourceNetwork
{
    public static UInt128 Of(TransportAddress address) =>
        address.IsIPv4 ? address.Address : address.Address >> 64 << 64;
}
