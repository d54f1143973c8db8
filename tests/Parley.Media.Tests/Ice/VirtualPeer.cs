using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

/// <summary>A participant on the virtual network: sockets, and a full agent over them.</summary>
internal sealed class VirtualPeer : IVirtualActor, IIceSink
{
    /// <summary>The STUN server that reflexive candidates come from.</summary>
    public static readonly TransportAddress StunServer = VirtualNetwork.Address("198.51.100.1", 3478);

    private readonly VirtualNetwork _network;
    private readonly Dictionary<int, VirtualSocket> _sockets = [];

    public VirtualPeer(VirtualNetwork network, IceRole role, int seed, IceAgentOptions? options = null)
    {
        _network = network;
        Random = RandomSource.Seeded(seed);
        Agent = new IceAgent(role, IceCredentials.Create(Random), this, Random, network.Now, options);
        network.Add(this);
    }

    public RandomSource Random { get; }

    public IceAgent Agent { get; }

    /// <summary>What the agent sent: when, by which base, where, whether it asks and whether it nominates.</summary>
    public List<SentCheck> Sent { get; } = [];

    /// <summary>States in their order.</summary>
    public List<IceAgentState> States { get; } = [IceAgentState.New];

    public TimeSpan NextDeadline => Agent.NextDeadline;

    public TimeSpan? RoundTrip => Agent.Selected?.RoundTripTime;

    public IceCandidateType? LocalType => Agent.Selected?.LocalCandidate.Type;

    public VirtualSocket Socket(int local) => _sockets[local];

    /// <summary>A host candidate, and behind a NAT the server-reflexive one.</summary>
    public VirtualSocket AddHost(int local, string ip, VirtualNat? nat = null, int preference = 65535, bool reflexive = true)
    {
        var socket = Listen(local, _network.Bind(ip, 5000 + local, nat));
        Agent.AddLocal(local, IceCandidate.Host(socket.Address, preference), _network.Now);
        if (nat is not null && reflexive)
        {
            var mapped = nat.Map(socket.Address, StunServer);
            Agent.AddLocal(local, IceCandidate.ServerReflexive(mapped, socket.Address, StunServer, preference), _network.Now);
        }

        return socket;
    }

    /// <summary>A relay: to the agent one more base, whose socket happens to be on a server.</summary>
    public VirtualSocket AddRelay(int local, string ip)
    {
        var socket = Listen(local, _network.Bind(ip, 50_000 + local));
        Agent.AddLocal(local, IceCandidate.Relayed(socket.Address, StunServer, StunServer, 65535), _network.Now);
        return socket;
    }

    /// <summary>The other's description and candidates arrive, all at once.</summary>
    public void Learn(VirtualPeer other, bool candidates = true)
    {
        Agent.SetRemote(other.Agent.Local, lite: false);
        if (candidates)
        {
            Trickle(other);
            Agent.EndOfRemoteCandidates(_network.Now);
        }
    }

    /// <summary>The other's candidates, by way of SDP.</summary>
    public void Trickle(VirtualPeer other)
    {
        foreach (var candidate in other.Agent.LocalCandidates.ToList())
        {
            if (candidate.Type == IceCandidateType.PeerReflexive)
            {
                continue;
            }

            Assert.True(IceCandidate.TryParse(candidate.ToSdpValue(), out var parsed));
            Agent.AddRemote(parsed, _network.Now);
        }
    }

    public void HandleTimeout(TimeSpan now)
    {
        Agent.HandleTimeout(now);
        Watch();
        Assert.True(Agent.NextDeadline > now, "The deadline stays in the past.");
    }

    public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(datagram, out var message));
        Sent.Add(new SentCheck(
            _network.Now, local, to, message.Class == StunClass.Request, message.UseCandidate));
        _sockets[local].Send(to, datagram);
    }

    private VirtualSocket Listen(int local, VirtualSocket socket)
    {
        _sockets.Add(local, socket);
        socket.Received = (from, bytes) =>
        {
            Agent.HandleStun(local, from, bytes, _network.Now);
            Watch();
        };
        return socket;
    }

    private void Watch()
    {
        if (States[^1] != Agent.State)
        {
            States.Add(Agent.State);
        }
    }
}

internal readonly record struct SentCheck(TimeSpan At, int Local, TransportAddress To, bool IsRequest, bool Nominates);
