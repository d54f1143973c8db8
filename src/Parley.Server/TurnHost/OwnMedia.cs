using System.Net;
using Parley.Media;

namespace Parley.Server.TurnHost;

/// <summary>
/// The way from a relay port to our own media. Behind a NAT the media's advertised address is not ours, and few NATs send back what
/// comes from inside: then it is reached over the loopback interface, and its answers are given the address peers know.
/// </summary>
internal sealed class OwnMedia
{
    private readonly (TransportAddress Advertised, TransportAddress Local)? _detour;

    /// <param name="advertised">The addresses told to clients.</param>
    /// <param name="local">Those of this machine's interfaces.</param>
    /// <param name="port">The media port; 0 when there is no media.</param>
    public OwnMedia(IReadOnlyList<IPAddress> advertised, IReadOnlyList<IPAddress> local, int port)
    {
        if (port == 0) return;
        Addresses = [.. advertised.Select(address => TransportAddress.From(new IPEndPoint(address, port)))];

        // Of several only the first: answers over loopback do not tell which of them was meant. IPv6 has no NAT to speak of.
        var foreign = Addresses.FirstOrDefault(address => address.IsIPv4 && !local.Contains(address.ToEndPoint().Address));
        var loopback = TransportAddress.From(new IPEndPoint(IPAddress.Loopback, port));
        if (foreign != default && !Addresses.Contains(loopback)) _detour = (foreign, loopback);
    }

    /// <summary>Where media is received, as clients know it.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; } = [];

    /// <summary>Where to send what is for a peer.</summary>
    public TransportAddress ToWire(TransportAddress peer) => _detour is { } detour && peer == detour.Advertised ? detour.Local : peer;

    /// <summary>Whom something is from.</summary>
    public TransportAddress FromWire(TransportAddress source) =>
        _detour is { } detour && source == detour.Local ? detour.Advertised : source;
}
