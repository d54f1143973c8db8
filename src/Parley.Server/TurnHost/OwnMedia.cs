using System.Net;
using Parley.Media;

namespace Parley.Server.TurnHost;

/// <summary>
/// The way from a relay port to our own media. Behind a NAT the media's advertised address is not ours, and few NATs send back what
/// comes from inside: then it is reached over the loopback interface, and its answers are given the address peers know.
/// </summary>
internal sealed class OwnMedia
{
    private readonly (TransportAddress Advertised, TransportAddress Local)[] _detours = [];

    /// <param name="advertised">The addresses told to clients.</param>
    /// <param name="local">Those of this machine's interfaces.</param>
    /// <param name="ports">The media ports; none when there is no media.</param>
    public OwnMedia(IReadOnlyList<IPAddress> advertised, IReadOnlyList<IPAddress> local, IReadOnlyList<int> ports)
    {
        Addresses = [.. ports.SelectMany(port => advertised.Select(address => At(address, port)))];

        // Of several addresses only the first: answers over loopback do not tell which of them was meant. IPv6 has no NAT to speak of.
        var foreign = advertised.FirstOrDefault(address => At(address, 0).IsIPv4 && !local.Contains(address));
        if (foreign is not null && !advertised.Contains(IPAddress.Loopback)) _detours = [.. ports.Select(port => (At(foreign, port), At(IPAddress.Loopback, port)))];
    }

    /// <summary>Where media is received, as clients know it.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; } = [];

    /// <summary>Where to send what is for a peer.</summary>
    public TransportAddress ToWire(TransportAddress peer)
    {
        foreach (var (advertised, local) in _detours)
        {
            if (peer == advertised) return local;
        }

        return peer;
    }

    /// <summary>Whom something is from.</summary>
    public TransportAddress FromWire(TransportAddress source)
    {
        foreach (var (advertised, local) in _detours)
        {
            if (source == local) return advertised;
        }

        return source;
    }

    private static TransportAddress At(IPAddress address, int port) => TransportAddress.From(new IPEndPoint(address, port));
}
