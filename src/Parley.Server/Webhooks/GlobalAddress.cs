using System.Net;
using System.Net.Sockets;

namespace Parley.Server.Webhooks;

/// <summary>Which addresses are of the internet, and not of this machine or its network: no webhook is to open those from inside.</summary>
internal static class GlobalAddress
{
    /// <summary>Not for the internet: the special-purpose registries of IANA (RFC 6890), multicast included.</summary>
    private static readonly IPNetwork[] s_special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What is global in IPv6 begins with 001 (RFC 4291 §2.4); in it documentation, Teredo and 6to4, which hold other addresses.</summary>
    private static readonly IPNetwork s_global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] s_otherwise = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(s_special, network => network.Contains(address))
            : s_global.Contains(address) && !Array.Exists(s_otherwise, network => network.Contains(address));
    }
}
