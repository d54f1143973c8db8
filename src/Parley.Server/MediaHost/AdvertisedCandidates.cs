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
    public static IReadOnlyList<IceCandidate> Of(IReadOnlyList<IPAddress> addresses, int port, int? tcpPort)
    {
        var told = addresses.Take(MaxAddresses).ToList();
        var candidates = told.Select((address, i) => IceCandidate.Host(At(address, port), ushort.MaxValue - i));
        if (tcpPort is { } tcp) candidates = candidates.Concat(told.Select((address, i) => IceCandidate.TcpPassive(At(address, tcp), 8191 - i)));
        return [.. candidates];
    }

    private static TransportAddress At(IPAddress address, int port) => TransportAddress.From(new IPEndPoint(address, port));
}
