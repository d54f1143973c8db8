using Parley.Media.Tests.Ice;
using Parley.Media.Turn;

namespace Parley.Media.Tests.Turn;

/// <summary>Our server on the Internet in virtual time.</summary>
internal sealed class VirtualTurnServer : ITurnHost, IVirtualActor
{
    private readonly VirtualNetwork _network;
    private readonly string _ip;
    private readonly VirtualSocket _clients;
    private int _nextPort = 50000;

    public VirtualTurnServer(VirtualNetwork network, string ip, TurnServerOptions? options = null)
    {
        (_network, _ip) = (network, ip);
        _clients = network.Bind(ip, 3478);
        Secret = TurnSecret.Create(RandomSource.Seeded(7));
        Server = new TurnServer(options ?? new TurnServerOptions(), Secret, this, RandomSource.Seeded(8), DateTimeOffset.UnixEpoch);
        _clients.Received = (from, bytes) => Server.HandleMessage(new TurnFlow(from), bytes, network.Now);
        network.Add(this);
    }

    public TurnServer Server { get; }

    public TurnSecret Secret { get; }

    public TransportAddress Address => _clients.Address;

    public int OpenPorts { get; private set; }

    public TimeSpan NextDeadline => Server.NextDeadline;

    public void HandleTimeout(TimeSpan now) => Server.HandleTimeout(now);

    public bool Relays(TurnFlow client, bool ipv6) => !ipv6;

    public ITurnRelay? OpenRelay(TurnFlow client, bool ipv6, bool evenPort)
    {
        OpenPorts++;
        return new Port(this, _network.Bind(_ip, _nextPort++));
    }

    public void Send(TurnFlow client, ReadOnlySpan<byte> message) => _clients.Send(client.Client, message);

    public void SendData(TurnFlow client, ReadOnlySpan<byte> message) => _clients.Send(client.Client, message);

    private sealed class Port : ITurnRelay
    {
        private readonly VirtualTurnServer _owner;
        private readonly VirtualSocket _socket;

        public Port(VirtualTurnServer owner, VirtualSocket socket)
        {
            (_owner, _socket) = (owner, socket);
            socket.Received = (from, bytes) => owner.Server.HandlePeerDatagram(this, from, bytes, owner._network.Now);
        }

        public TransportAddress Address => _socket.Address;

        public void Send(TransportAddress peer, ReadOnlySpan<byte> data) => _socket.Send(peer, data);

        public void Close()
        {
            _socket.IsUp = false;
            _owner.OpenPorts--;
        }
    }
}
