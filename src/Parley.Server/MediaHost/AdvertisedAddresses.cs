using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Parley.Server.MediaHost;

/// <summary>The addresses the answers name: the configured ones, or those of every real interface that is up.</summary>
internal static class AdvertisedAddresses
{
    /// <summary>
    /// Loopback comes last and only matters to a browser on this machine; link-local IPv6 is left out, because a
    /// candidate has no zone (RFC 8839 §5.1).
    /// </summary>
    public static IReadOnlyList<IPAddress> Resolve(IReadOnlyList<string> configured)
    {
        if (configured.Count > 0) return [.. configured.Select(IPAddress.Parse)];

        var real = new List<IPAddress>();
        var loopback = new List<IPAddress>();
        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (card.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown)) continue;
            foreach (var unicast in card.GetIPProperties().UnicastAddresses)
            {
                var address = unicast.Address;
                if (address.IsIPv6LinkLocal || address.IsIPv6Multicast) continue;
                if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6) continue;
                (IPAddress.IsLoopback(address) ? loopback : real).Add(address);
            }
        }

        // IPv4 first: of two ways that work, it is the one more often open from end to end.
        return [.. real.OrderBy(address => address.AddressFamily), .. loopback.OrderBy(address => address.AddressFamily)];
    }
}
