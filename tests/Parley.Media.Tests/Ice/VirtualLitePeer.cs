using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>The server's lite agent on the virtual network.</summary>
internal sealed class VirtualLitePeer : IVirtualActor
{
    private readonly byte[] _response = new byte[IceLiteAgent.MaxResponseLength];

    public VirtualLitePeer(VirtualNetwork network, string ip, IceCredentials remote)
    {
        Agent = new IceLiteAgent(IceCredentials.Create(RandomSource.Seeded(99)), network.Now);
        Agent.SetRemote(remote);
        var socket = network.Bind(ip, 7000);
        Address = socket.Address;
        socket.Received = (from, bytes) =>
        {
            Agent.HandleRequest(bytes, from, network.Now, _response, out var length);
            if (length > 0)
            {
                socket.Send(from, _response.AsSpan(0, length));
            }
        };
        network.Add(this);
    }

    public IceLiteAgent Agent { get; }

    public TransportAddress Address { get; }

    public TimeSpan NextDeadline => Agent.NextDeadline;

    public void HandleTimeout(TimeSpan now) => Agent.HandleTimeout(now);
}
