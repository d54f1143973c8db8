using System.Net;
using System.Net.Sockets;
using Parley.Media.Dtls;

namespace Parley.Client.Tests.Interop;

/// <summary>A UDP socket that is connected to one peer on the loopback interface.</summary>
internal sealed class UdpDatagrams : IDtlsDatagrams, IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public UdpDatagrams(int port)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    public int Receive(Span<byte> buffer, TimeSpan wait)
    {
        try
        {
            return _socket.Poll(wait, SelectMode.SelectRead) ? _socket.Receive(buffer) : 0;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Nobody listens yet: as good as silence.
            return 0;
        }
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // The answer to what was sent before; this one is resent.
        }
    }

    public void Dispose() => _socket.Dispose();
}
