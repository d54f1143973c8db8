using System.Text;
using Parley.Media.Tests.Ice;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>Our client on the Internet in virtual time.</summary>
internal sealed class VirtualTurnClient : IVirtualActor, IDatagramSink
{
    private readonly VirtualNetwork _network;
    private readonly VirtualSocket _socket;

    public VirtualTurnClient(VirtualNetwork network, VirtualSocket socket, VirtualTurnServer server, string user, int seed)
    {
        (_network, _socket) = (network, socket);
        var credentials = server.Secret.Issue(user, DateTimeOffset.UnixEpoch + network.Now);
        Client = new TurnClient(server.Address, credentials.Username, credentials.Password, RandomSource.Seeded(seed), network.Now, this);
        socket.Received = (from, bytes) =>
        {
            Assert.Equal(server.Address, from);
            if (Client.TryHandle(bytes, network.Now, out var peer, out var data)) Received.Add((peer, Encoding.UTF8.GetString(data)));
        };
        network.Add(this);
    }

    public TurnClient Client { get; }

    public List<(TransportAddress Peer, string Text)> Received { get; } = [];

    public TimeSpan NextDeadline => Client.NextDeadline;

    public void HandleTimeout(TimeSpan now) => Client.HandleTimeout(now);

    public void Say(TransportAddress peer, string text) => Client.Send(peer, Encoding.UTF8.GetBytes(text), _network.Now);

    void IDatagramSink.Send(TransportAddress to, ReadOnlySpan<byte> datagram) => _socket.Send(to, datagram);
}
