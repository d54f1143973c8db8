using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Parley.Client.Transport;

/// <summary>This machine's addresses that host candidates can be made of (RFC 8445 §5.1.1.1).</summary>
internal static class LocalAddresses
{
    /// <summary>The most there are: each costs a socket, and its pairs cost checks.</summary>
    public const int Max = 8;

    /// <summary>The best first.</summary>
    /// <param name="loopback">Whether loopback counts too. It does in any case when there is nothing else.</param>
    public static IReadOnlyList<IPAddress> List(bool loopback = false)
    {
        var found = new List<Candidate>();
        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (card.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown)) continue;
            var properties = card.GetIPProperties();
            var hasGateway = properties.GatewayAddresses.Count > 0;
            found.AddRange(properties.UnicastAddresses.Select(unicast => new Candidate(unicast.Address, hasGateway)));
        }

        if (!Socket.OSSupportsIPv6) found.RemoveAll(candidate => candidate.Address.AddressFamily != AddressFamily.InterNetwork);
        return Select(found, loopback);
    }

    /// <summary>
    /// Which of them, and in which order: IPv6 and IPv4 in turn, so that a family that does not work holds up nothing
    /// (RFC 8421 §4); in each what leads out of the house first.
    /// </summary>
    internal static IReadOnlyList<IPAddress> Select(IEnumerable<Candidate> candidates, bool loopback)
    {
        var usable = candidates
            .Where(candidate => IsUsable(candidate.Address))
            .DistinctBy(candidate => candidate.Address)
            .ToArray();
        var others = usable.Where(candidate => !IPAddress.IsLoopback(candidate.Address)).ToArray();
        var chosen = loopback || others.Length == 0 ? usable : others;
        var families = chosen.OrderBy(Rank).ToLookup(candidate => candidate.Address.AddressFamily);
        return
        [
            .. families.SelectMany(family => family.Select((candidate, place) => (candidate, place)))
                .OrderBy(entry => IPAddress.IsLoopback(entry.candidate.Address))
                .ThenBy(entry => entry.place)
                .ThenByDescending(entry => entry.candidate.Address.AddressFamily)
                .Select(entry => entry.candidate.Address)
                .Take(Max),
        ];
    }

    // Link-local IPv6 wants a zone, which a candidate has no field for (RFC 8839 §5.1). The other transitional and site-local
    // kinds are left out by RFC 8445 §5.1.1.1.
    private static bool IsUsable(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? !address.Equals(IPAddress.Any) && address.GetAddressBytes()[0] < 224
            : !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.IsIPv6SiteLocal && !address.IsIPv6Teredo
                && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any);

    private static int Rank(Candidate candidate) => IPAddress.IsLoopback(candidate.Address) ? 3
        : IsSelfAssigned(candidate.Address) ? 2
        : candidate.HasGateway && !candidate.Address.IsIPv6UniqueLocal ? 0
        : 1;

    /// <summary>RFC 3927: nobody gave it out, so it leads no further than the cable.</summary>
    private static bool IsSelfAssigned(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];

    /// <summary>An address, and whether its interface has a way out.</summary>
    internal readonly record struct Candidate(IPAddress Address, bool HasGateway);
}
