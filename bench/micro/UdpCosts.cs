using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Sockets;

namespace Parley.Micro;

/// <summary>
/// Sending frames of five packets to 50 receivers on loopback. The kernel delivers on the sender's time, so each figure holds receiving by the kernel
/// as well; nobody reads, and what is full is dropped there.
/// </summary>
internal static class UdpCosts
{
    private const int Receivers = 50, PacketsOfFrame = 5, Length = 1_200, Frames = 8, Packets = Receivers * PacketsOfFrame * Frames;

    public static void Print()
    {
        var sockets = Enumerable.Range(0, Receivers).Select(_ => Bound()).ToArray();
        var to = sockets.Select(socket => TransportAddress.From((IPEndPoint)socket.LocalEndPoint!)).ToArray();
        using var portable = UdpPort.Open(0, portable: true);
        using var port = UdpPort.Open(0);
        var known = sockets.Select(socket => Known(socket, port)).ToArray();
        Race.Print(
            $"UDP, {Length} bytes, frames of {PacketsOfFrame} to {Receivers} on loopback",
            Packets,
            ("Socket.SendTo", () => Send(portable, to, oneByOne: false)),
            ("sendmmsg", () => Send(port, to, oneByOne: true)),
            ("sendmmsg of segmented frames (GSO)", () => Send(port, to, oneByOne: false)),
            ("the same, from the address that was asked (IP_PKTINFO)", () => Send(port, known, oneByOne: false)));
        foreach (var socket in sockets) socket.Dispose();
    }

    /// <summary>Receiver by receiver, or packet by packet, which makes no run.</summary>
    private static void Send(UdpPort port, TransportAddress[] to, bool oneByOne)
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var i = 0; i < Receivers * PacketsOfFrame; i++)
            {
                port.Reserve(Length);
                port.Commit(to[oneByOne ? i % Receivers : i / PacketsOfFrame], Length);
            }

            port.Flush();
        }
    }

    /// <summary>As the port knows who has sent to it: by which of its addresses, too.</summary>
    private static TransportAddress Known(Socket socket, UdpPort port)
    {
        socket.SendTo([1], new IPEndPoint(IPAddress.Loopback, port.Port));
        while (port.Receive() == 0) port.Wait(TimeSpan.FromSeconds(1));
        port.Take(0, out var from, out _);
        return from;
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8_192 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
