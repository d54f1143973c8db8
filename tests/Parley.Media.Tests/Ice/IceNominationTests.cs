using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Roles, and which valid pair is taken.</summary>
public sealed class IceNominationTests
{
    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void Two_agents_of_one_role_come_to_have_different_ones(IceRole both)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var pair = new IcePair(seed, both, both);
            pair.Offerer.AddHost(0, "192.0.2.1");
            pair.Answerer.AddHost(0, "192.0.2.2");
            pair.Network.Jitter = TimeSpan.FromMilliseconds(100);
            pair.Connect();
            Assert.NotEqual(pair.Offerer.Agent.Role, pair.Answerer.Agent.Role);
            pair.Network.RunFor(20);
            Assert.True(pair.BothConnected);
        }
    }

    [Fact]
    public void The_best_pair_is_nominated_though_a_worse_one_answers_first()
    {
        var pair = IcePair.TwoPaths();
        var open = TimeSpan.FromSeconds(0.4);
        pair.Network.IsBlocked = (from, to) =>
            from.IPv4 >> 8 != to.IPv4 >> 8 || (pair.Network.Now < open && from.IPv4 >> 24 == 192);
        pair.Connect();
        pair.Network.RunFor(5);
        Assert.Equal(0, pair.Offerer.Agent.Selected!.Local);
        Assert.Equal(0, pair.Answerer.Agent.Selected!.Local);
        Assert.Single(pair.Offerer.Sent.Where(sent => sent.Nominates).Select(sent => sent.To).Distinct());
    }

    [Fact]
    public void A_worse_pair_is_nominated_when_the_best_does_not_come()
    {
        var pair = IcePair.TwoPaths();
        pair.Network.IsBlocked = (from, to) => from.IPv4 >> 8 != to.IPv4 >> 8 || from.IPv4 >> 24 == 192;
        pair.Connect(2);
        Assert.Equal(1, pair.Offerer.Agent.Selected!.Local);
        Assert.Equal(1, pair.Answerer.Agent.Selected!.Local);
    }

    [Fact]
    public void A_better_direct_pair_that_comes_late_takes_over_from_the_relay()
    {
        var pair = IcePair.Direct();
        pair.Offerer.AddRelay(16, "198.51.100.10");
        var open = TimeSpan.FromSeconds(3);
        pair.Network.IsBlocked = (from, to) => pair.Network.Now < open && from.IPv4 >> 24 == 192 && to.IPv4 >> 24 == 192;
        pair.Connect();
        Assert.Equal(16, pair.Offerer.Agent.Selected!.Local);
        Assert.True(pair.Network.RunFor(10, () => pair.BothConnected && pair.Offerer.Agent.Selected!.Local == 0));
    }

    [Fact]
    public void Only_the_controlling_side_nominates()
    {
        var pair = IcePair.TwoPaths().Connect();
        pair.Network.RunFor(20);
        Assert.DoesNotContain(pair.Answerer.Sent, sent => sent.Nominates);
    }

    [Fact]
    public void A_lite_agent_is_controlled_and_need_not_know_our_candidates()
    {
        // Made as controlled, and without a candidate of the lite side's mattering to it.
        var pair = new IcePair(offererRole: IceRole.Controlled);
        var nat = pair.Network.AddNat("203.0.113.1", NatMapping.EndpointDependent, NatFiltering.AddressAndPort);
        pair.Offerer.AddHost(0, "192.168.0.2", nat, reflexive: false);
        var lite = new VirtualLitePeer(pair.Network, "192.0.2.2", pair.Offerer.Agent.Local);
        pair.Offerer.Agent.SetRemote(lite.Agent.Local, lite: true);
        pair.Offerer.Agent.AddRemote(IceCandidate.Host(lite.Address, 1), pair.Network.Now);

        Assert.True(pair.Network.RunFor(1, () => pair.Offerer.Agent.State == IceAgentState.Connected));
        Assert.Equal(IceRole.Controlling, pair.Offerer.Agent.Role);
        Assert.Equal(IceState.Connected, lite.Agent.State);
        Assert.Equal(pair.Offerer.Agent.Selected!.LocalCandidate.Address, lite.Agent.Selected);

        // Both live on each other's consent.
        pair.Network.RunFor(300);
        Assert.Equal(IceState.Connected, lite.Agent.State);
        Assert.Equal([IceAgentState.New, IceAgentState.Checking, IceAgentState.Connected], pair.Offerer.States);

        // And the NAT gives another port: the lite side follows.
        nat.Forget();
        pair.Network.RunFor(10);
        Assert.Equal(IceState.Connected, lite.Agent.State);
        Assert.Equal(pair.Offerer.Agent.Selected!.LocalCandidate.Address, lite.Agent.Selected);
    }

    [Fact]
    public void A_host_pair_to_a_lite_agent_is_nominated_at_once()
    {
        var pair = IcePair.TwoPaths();
        var lite = new VirtualLitePeer(pair.Network, "203.0.113.5", pair.Offerer.Agent.Local);
        pair.Offerer.Agent.SetRemote(lite.Agent.Local, lite: true);
        pair.Offerer.Agent.AddRemote(IceCandidate.Host(lite.Address, 1), pair.Network.Now);
        Assert.True(pair.Network.RunFor(0.2, () => pair.Offerer.Agent.State == IceAgentState.Connected));
    }

    [Fact]
    public void The_controlled_side_follows_a_later_nomination()
    {
        // The controlling side loses a network without the other noticing, and moves.
        var pair = IcePair.TwoPaths().Connect();
        pair.Network.RunFor(6);
        Assert.Equal(0, pair.Answerer.Agent.Selected!.Local);
        pair.Offerer.Socket(0).IsUp = false;
        pair.Offerer.Agent.RemoveLocal(0, pair.Network.Now);
        Assert.Equal(IceAgentStateReason.LocalRemoved, pair.Offerer.Agent.StateReason);
        Assert.Null(pair.Offerer.Agent.Selected);
        Assert.True(pair.Network.RunFor(1, () => pair.BothConnected && pair.Answerer.Agent.Selected!.Local == 1));
        Assert.DoesNotContain(pair.Offerer.Agent.LocalCandidates, candidate => candidate.Address == pair.Offerer.Socket(0).Address);
    }
}
