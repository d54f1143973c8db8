using System.Net;
using System.Net.Sockets;

namespace Parley.Client.Tests.Interop;

/// <summary>A UDP port of the loopback interface that nobody had a moment ago.</summary>
internal static class FreePort
{
    public static int Udp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
