using System.Net;
using System.Net.Sockets;
using System.Text;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Protocol;

namespace Parley.Server.Tests.TurnHost;

/// <summary>Our TURN client on a UDP socket of the loopback interface; its time is how often it has looked.</summary>
internal sealed class TurnUser : IDatagramSink, IDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[2048];
    private TimeSpan _now;

    public TurnUser(int port, IceServer server, string address = "127.0.0.1")
    {
        var at = new IPEndPoint(IPAddress.Parse(address), port);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        // Then only what comes from there is received.
        _socket.Connect(at);
        Client = new TurnClient(
            TransportAddress.From(at), server.Username!, server.Credential!, RandomSource.System, _now, this);
    }

    public TurnClient Client { get; }

    public List<(TransportAddress Peer, string Text)> Received { get; } = [];

    /// <summary>Lets the client work until something is so.</summary>
    public void Until(Func<bool> isSo, string what)
    {
        for (var round = 0; round < 2000; round++)
        {
            Client.HandleTimeout(_now);
            if (isSo()) return;
            if (_socket.Poll(Round, SelectMode.SelectRead)
                && Client.TryHandle(_buffer.AsSpan(0, _socket.Receive(_buffer)), _now, out var peer, out var data))
            {
                Received.Add((peer, Encoding.UTF8.GetString(data)));
            }

            _now += Round;
        }

        Assert.Fail($"In vain: {what} ({Client.State} {Client.Error})");
    }

    public TurnUser Allocate()
    {
        Until(() => Client.State != TurnState.Allocating, "an allocation");
        return this;
    }

    public bool Permit(TransportAddress peer) => Client.EnsurePeer(peer, _now);

    public void Say(TransportAddress peer, string text) => Client.Send(peer, Encoding.UTF8.GetBytes(text), _now);

    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => _socket.Send(datagram);

    public void Dispose() => _socket.Dispose();
}
