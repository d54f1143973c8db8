using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Two full agents, the offerer controlling.</summary>
internal sealed class IcePair
{
    public IcePair(
        int seed = 1,
        IceRole offererRole = IceRole.Controlling,
        IceRole answererRole = IceRole.Controlled,
        IceAgentOptions? options = null)
    {
        Network = new VirtualNetwork(seed);
        Offerer = new VirtualPeer(Network, offererRole, seed * 2, options);
        Answerer = new VirtualPeer(Network, answererRole, (seed * 2) + 1, options);
    }

    public VirtualNetwork Network { get; }

    public VirtualPeer Offerer { get; }

    public VirtualPeer Answerer { get; }

    public bool BothConnected =>
        Offerer.Agent.State == IceAgentState.Connected && Answerer.Agent.State == IceAgentState.Connected && IsOnePath;

    /// <summary>Whether both selected the same sockets: what one sends by its pair arrives at the other's.</summary>
    public bool IsOnePath
    {
        get
        {
            if (Offerer.Agent.Selected is not { } a || Answerer.Agent.Selected is not { } b)
            {
                return false;
            }

            return IsSeenAs(Offerer.Socket(a.Local), b.Remote) && IsSeenAs(Answerer.Socket(b.Local), a.Remote);
        }
    }

    /// <summary>Both on the public network.</summary>
    public static IcePair Direct(int seed = 1, IceAgentOptions? options = null)
    {
        var pair = new IcePair(seed, options: options);
        pair.Offerer.AddHost(0, "192.0.2.1");
        pair.Answerer.AddHost(0, "192.0.2.2");
        return pair;
    }

    /// <summary>Each with two networks that reach the other's of the same number; number 0 is preferred.</summary>
    public static IcePair TwoPaths(int seed = 1)
    {
        var pair = new IcePair(seed);
        pair.Offerer.AddHost(0, "192.0.2.1");
        pair.Offerer.AddHost(1, "203.0.113.1", preference: 100);
        pair.Answerer.AddHost(0, "192.0.2.2");
        pair.Answerer.AddHost(1, "203.0.113.2", preference: 100);
        pair.Network.IsBlocked = (from, to) => from.IPv4 >> 8 != to.IPv4 >> 8;
        return pair;
    }

    /// <summary>The descriptions with all candidates, the answer later than the offer.</summary>
    public IcePair Signal(double answerAfter = 0.05)
    {
        Answerer.Learn(Offerer);
        Network.At(Network.Now + TimeSpan.FromSeconds(answerAfter), () => Offerer.Learn(Answerer));
        return this;
    }

    public IcePair Connect(double withinSeconds = 10)
    {
        Signal();
        Assert.True(Network.RunFor(withinSeconds, () => BothConnected), $"{Offerer.Agent.State} and {Answerer.Agent.State}");
        return this;
    }

    private static bool IsSeenAs(VirtualSocket socket, TransportAddress remote) =>
        socket.Address == remote || (socket.Nat is { } nat && nat.PublicIp == remote.IPv4);
}
