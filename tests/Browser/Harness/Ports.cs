using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Parley.Browser.Harness;

/// <summary>What this machine's network offers a test.</summary>
internal static class Ports
{
    /// <summary>An IPv4 address that is not loopback; null on a machine that has none.</summary>
    public static IPAddress? RealAddress { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    /// <summary>A TCP port that was free a moment ago.</summary>
    public static int FreeTcp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
