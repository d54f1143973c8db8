using System.Net;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Sockets;

namespace Parley.Server.TurnHost;

/// <summary>The socket of one allocation. For the worker's thread alone.</summary>
internal sealed class RelayPort(RelayPorts ports, SocketPoller poller, OwnMedia media) : ITurnRelay, IDisposable
{
    private LoopSocket? _socket;
    private int _port;

    /// <inheritdoc/>
    public TransportAddress Address { get; private set; }

    /// <summary>Datagrams to it are nobody's.</summary>
    public bool IsClosed => _socket is null;

    /// <summary>Binds it.</summary>
    /// <param name="any">Where.</param>
    /// <param name="advertised">How peers know it.</param>
    /// <param name="receiveBufferBytes">Its receive buffer.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be had.</exception>
    public void Open(IPEndPoint any, IPAddress advertised, int receiveBufferBytes)
    {
        // One family each: what is relayed as IPv6 has IPv6 peers only (RFC 8656 §3.7).
        _socket = new LoopSocket(this, 0, any, receiveBufferBytes, isDual: false);
        _port = any.Port;
        Address = TransportAddress.From(new IPEndPoint(advertised, _socket.LocalAddress.Port));
        poller.Add(_socket);
    }

    /// <inheritdoc/>
    public void Send(TransportAddress peer, ReadOnlySpan<byte> data)
    {
        // What the system refuses is lost like any datagram.
        if (_socket is { } socket) poller.Send(socket, media.ToWire(peer), data);
    }

    /// <summary>Whom a datagram that came here is from.</summary>
    public TransportAddress Source(TransportAddress from) => media.FromWire(from);

    /// <inheritdoc/>
    public void Close()
    {
        if (_socket is not { } socket) return;
        _socket = null;
        poller.Remove(socket);
        socket.Dispose();
        ports.Release(_port);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
