using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Parley.Sockets;

/// <summary>Makes UDP sockets that never block, with buffers as large as the system lets us.</summary>
internal static class UdpSocket
{
    /// <summary>Linux's SOL_SOCKET, SO_SNDBUFFORCE and SO_RCVBUFFORCE (socket(7)).</summary>
    private const int SolSocket = 1, SoSndBufForce = 32, SoRcvBufForce = 33;

    /// <param name="endpoint">What to bind.</param>
    /// <param name="isDual">Whether one bound to <see cref="IPAddress.IPv6Any"/> takes IPv4 as well.</param>
    /// <param name="receiveBufferBytes">The receive buffer, the system's own overhead included.</param>
    /// <param name="sendBufferBytes">The send buffer likewise; null for the system's default.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static Socket Bind(IPEndPoint endpoint, bool isDual, int receiveBufferBytes, int? sendBufferBytes = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = isDual && endpoint.Address.Equals(IPAddress.IPv6Any);
            SetBuffer(socket, SoRcvBufForce, SocketOptionName.ReceiveBuffer, receiveBufferBytes);
            if (sendBufferBytes is { } bytes) SetBuffer(socket, SoSndBufForce, SocketOptionName.SendBuffer, bytes);
            IgnoreConnectionReset(socket);
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void SetBuffer(Socket socket, int force, SocketOptionName option, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                socket.SetRawSocketOption(SolSocket, force, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in bytes)));
                return;
            }
            catch (SocketException)
            {
                // That wants CAP_NET_ADMIN. Without it the system's limit holds.
            }
        }

        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, option, bytes);
        }
        catch (SocketException)
        {
            // Some systems refuse what is above their limit; then it is their default.
        }
    }

    /// <summary>Windows has a peer's closed port fail our next receive; consent finds that out (RFC 7675).</summary>
    private static void IgnoreConnectionReset(Socket socket)
    {
        const int SioUdpConnReset = -1744830452;
        if (OperatingSystem.IsWindows()) socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
    }
}
