using System.Net;
using Parley.Media;
using Parley.Media.Ice;

namespace Parley.Server.MediaHost;

/// <summary>Our addresses as candidates: each over UDP, and over TCP below all of those (RFC 6544 §4.2).</summary>
internal static class AdvertisedCandidates
{
    /// <summary>How many addresses are told: more than a browser makes pairs of (RFC 8445 §6.1.2.5), and fewer than an answer may hold.</summary>
    private const int MaxAddresses = 64;

    /// <param name="addresses">Best first.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="tcpPort">The TCP port; null for none.</param>
    /// <param name="mapped">
    /// How a STUN server sees the UDP port, or null. A host candidate like the others, as a lite agent has no other kind (RFC 8445
    /// §5.2): to those outside it is simply where we are. It comes last, for whoever is on our side of the NAT has a shorter way. When
    /// the NAT has kept the port's number it very likely maps all of them one to one, and TCP is told there too.
    /// </param>
    public static IReadOnlyList<IceCandidate> Of(IReadOnlyList<IPAddress> addresses, int port, int? tcpPort, TransportAddress? mapped)
    {
        var udp = addresses.Take(MaxAddresses).Select(address => At(address, port)).ToList();
        if (mapped is { } outside && !udp.Contains(outside)) udp.Add(outside);
        var candidates = udp.Select((address, i) => IceCandidate.Host(address, ushort.MaxValue - i));
        if (tcpPort is not { } tcp) return [.. candidates];
        return [
            .. candidates,
            .. udp.Where(address => address.Port == port).Select((address, i) => IceCandidate.TcpPassive(address with { Port = (ushort)tcp }, 8191 - i)),
        ];
    }

    private static TransportAddress At(IPAddress address, int port) => TransportAddress.From(new IPEndPoint(address, port));
}
