using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Sockets;

namespace Parley.Server.TurnHost;

/// <summary>Opens relay ports: a random free one of the range (RFC 8656 §7.2), on all addresses.</summary>
internal sealed class RelayPorts(TurnOptions options, RelayAddresses addresses, OwnMedia media, SocketPoller poller)
{
    private const int ReceiveBufferBytes = 1 << 19;

    /// <summary>Ports tried that somebody else may have.</summary>
    private const int Attempts = 32;

    private readonly HashSet<int> _used = [];

    /// <summary>Whether there are relayed addresses of this family.</summary>
    public bool Has(bool ipv6) => addresses.Has(ipv6) && (!ipv6 || Socket.OSSupportsIPv6);

    /// <summary>Opens one; null when none is to be had.</summary>
    /// <param name="client">For whom.</param>
    /// <param name="reached">Our end of its connection; null when that is not known.</param>
    /// <param name="ipv6">The family.</param>
    /// <param name="even">Whether its number must be even.</param>
    public RelayPort? Open(TurnFlow client, IPAddress? reached, bool ipv6, bool even)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!TryChoose(even, out var port)) return null;
            try
            {
                var any = new IPEndPoint(ipv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
                var relay = new RelayPort(this, poller, media);
                relay.Open(any, addresses.For(client.Client, reached, ipv6), ReceiveBufferBytes);
                if (!even || relay.Address.Port % 2 == 0) return relay;
                relay.Close();
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                _used.Remove(port);
            }
            catch (SocketException)
            {
                // No descriptor is left: another port would be no better.
                _used.Remove(port);
                return null;
            }
        }

        return null;
    }

    /// <summary>A port is free again.</summary>
    public void Release(int port) => _used.Remove(port);

    private bool TryChoose(bool even, out int port)
    {
        port = 0;
        if (options.RelayPortFirst == 0) return true;
        var count = options.RelayPortLast - options.RelayPortFirst + 1;
        if (_used.Count >= count) return false;
        var start = (int)(RandomSource.System.NextUInt32() % (uint)count);
        for (var i = 0; i < count; i++)
        {
            port = options.RelayPortFirst + ((start + i) % count);
            if ((!even || port % 2 == 0) && _used.Add(port)) return true;
        }

        return false;
    }
}
