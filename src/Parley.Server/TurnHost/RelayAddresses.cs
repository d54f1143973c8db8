using System.Net;
using System.Net.Sockets;
using Parley.Media;

namespace Parley.Server.TurnHost;

/// <summary>Under which of our addresses a client's relay port is made known: best the one it has reached us at.</summary>
/// <param name="advertised">Those told to clients, the best first.</param>
internal sealed class RelayAddresses(IReadOnlyList<IPAddress> advertised)
{
    /// <summary>Whether there is one of this family.</summary>
    public bool Has(bool ipv6) => advertised.Any(address => IsIPv6(address) == ipv6);

    /// <summary>The address for a client.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="reached">Our end of its connection; null when that is not known.</param>
    /// <param name="ipv6">The family wanted, of which there must be one.</param>
    public IPAddress For(TransportAddress client, IPAddress? reached, bool ipv6)
    {
        var ours = reached ?? OurEndTowards(client);
        if (ours is { IsIPv4MappedToIPv6: true }) ours = ours.MapToIPv4();
        var family = advertised.Where(address => IsIPv6(address) == ipv6).ToList();
        return family.FirstOrDefault(address => address.Equals(ours))
            ?? family.FirstOrDefault(address => !IPAddress.IsLoopback(address))
            ?? family[0];
    }

    /// <summary>What the system would send from: connecting a UDP socket sends nothing.</summary>
    private static IPAddress? OurEndTowards(TransportAddress client)
    {
        var to = client.ToEndPoint();
        try
        {
            using var socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(to);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsIPv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
