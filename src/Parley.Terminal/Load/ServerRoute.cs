using System.Net;
using System.Net.Sockets;
using Parley.Client;

namespace Parley.Terminal.Load;

/// <summary>The address this machine has towards a server.</summary>
internal static class ServerRoute
{
    /// <exception cref="ParleyException">The name is unknown, or there is no way there.</exception>
    public static async Task<IPAddress> FindAsync(Uri server, CancellationToken cancellation)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(server.DnsSafeHost, cancellation).ConfigureAwait(false);

            // Media speaks IPv4 with whoever has it: every server does.
            var target = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses.First();
            using var probe = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

            // Sends nothing: it only has the system choose.
            await probe.ConnectAsync(new IPEndPoint(target, server.Port), cancellation).ConfigureAwait(false);
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            throw new ParleyException(ParleyError.Unreachable, $"There is no way to {server.Host}: {e.Message}.", inner: e);
        }
    }
}
