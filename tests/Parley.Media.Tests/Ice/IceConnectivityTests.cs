using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Which paths two full agents find.</summary>
public sealed class IceConnectivityTests
{
    [Fact]
    public void Connects_host_to_host_within_three_round_trips()
    {
        var pair = IcePair.Direct().Connect(1);
        Assert.InRange(pair.Network.Now, TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
        Assert.Equal(IceCandidateType.Host, pair.Offerer.LocalType);
        Assert.Equal([IceAgentState.New, IceAgentState.Checking, IceAgentState.Connected], AllStates(pair.Offerer));
        Assert.Equal(IceAgentStateReason.Nominated, pair.Answerer.Agent.StateReason);
        Assert.Equal(TimeSpan.FromMilliseconds(40), pair.Offerer.RoundTrip);
    }

    [Fact]
    public void Connects_over_IPv6_and_never_pairs_the_families()
    {
        var pair = IcePair.Direct();
        pair.Offerer.AddHost(1, "2001:db8::1");
        pair.Answerer.AddHost(1, "2001:db8::2");
        pair.Network.IsBlocked = (from, _) => from.IsIPv4;
        pair.Connect();
        Assert.Equal(1, pair.Offerer.Agent.Selected!.Local);
        Assert.All(pair.Offerer.Sent, check => Assert.Equal(check.Local == 0, check.To.IsIPv4));
    }

    [Theory]
    [InlineData(NatFiltering.Anyone, NatFiltering.Anyone)]
    [InlineData(NatFiltering.Address, NatFiltering.Anyone)]
    [InlineData(NatFiltering.Address, NatFiltering.AddressAndPort)]
    [InlineData(NatFiltering.AddressAndPort, NatFiltering.AddressAndPort)]
    internal void Connects_behind_two_cone_NATs(NatFiltering offerer, NatFiltering answerer)
    {
        var pair = BehindNats(NatMapping.EndpointIndependent, offerer, NatMapping.EndpointIndependent, answerer).Connect();
        Assert.Equal(IceCandidateType.ServerReflexive, pair.Offerer.LocalType);
        Assert.Equal(IceCandidateType.ServerReflexive, pair.Answerer.LocalType);
    }

    [Theory]
    [InlineData(NatFiltering.Anyone)]
    [InlineData(NatFiltering.Address)]
    internal void Connects_a_symmetric_NAT_to_a_cone_by_a_peer_reflexive_candidate(NatFiltering cone)
    {
        var pair = BehindNats(
            NatMapping.EndpointDependent, NatFiltering.AddressAndPort, NatMapping.EndpointIndependent, cone).Connect();
        Assert.Equal(IceCandidateType.PeerReflexive, pair.Offerer.LocalType);
        Assert.Contains(pair.Offerer.Agent.LocalCandidates, candidate => candidate.Type == IceCandidateType.PeerReflexive);
        Assert.Equal(IceCandidateType.PeerReflexive, pair.Answerer.Agent.Selected!.RemoteCandidate.Type);
        Assert.Equal(pair.Offerer.Agent.Selected!.LocalCandidate.Address, pair.Answerer.Agent.Selected.Remote);
    }

    [Fact]
    public void Fails_behind_two_symmetric_NATs_without_a_relay()
    {
        var pair = BehindSymmetricNats().Signal();
        pair.Network.RunFor(40);
        Assert.Equal(IceAgentState.Failed, pair.Offerer.Agent.State);
        Assert.Equal(IceAgentState.Failed, pair.Answerer.Agent.State);
        Assert.Equal(IceAgentStateReason.AllPairsFailed, pair.Offerer.Agent.StateReason);
        Assert.Null(pair.Offerer.Agent.Selected);
        Assert.Equal(TimeSpan.MaxValue, pair.Offerer.Agent.NextDeadline);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Connects_behind_two_symmetric_NATs_by_a_relay(bool offererHasOne, bool answererHasOne)
    {
        var pair = BehindSymmetricNats();
        if (offererHasOne)
        {
            pair.Offerer.AddRelay(16, "198.51.100.10");
        }

        if (answererHasOne)
        {
            pair.Answerer.AddRelay(16, "198.51.100.20");
        }

        pair.Connect();
        Assert.True(pair.Offerer.Agent.Selected!.Local == 16 || pair.Answerer.Agent.Selected!.Local == 16);
    }

    [Fact]
    public void Connects_inside_one_network_without_its_NAT()
    {
        var pair = new IcePair();
        var nat = pair.Network.AddNat("203.0.113.1", NatMapping.EndpointDependent, NatFiltering.AddressAndPort);
        pair.Offerer.AddHost(0, "192.168.0.2", nat);
        pair.Answerer.AddHost(0, "192.168.0.3", nat);
        pair.Connect(1);
        Assert.Equal(IceCandidateType.Host, pair.Offerer.LocalType);
    }

    [Fact]
    public void Prefers_the_direct_path_to_the_relay()
    {
        var pair = BehindNats(
            NatMapping.EndpointIndependent, NatFiltering.AddressAndPort, NatMapping.EndpointIndependent, NatFiltering.AddressAndPort);
        pair.Offerer.AddRelay(16, "198.51.100.10");
        pair.Answerer.AddRelay(16, "198.51.100.20");
        pair.Connect();
        Assert.Equal(0, pair.Offerer.Agent.Selected!.Local);
        Assert.Equal(0, pair.Answerer.Agent.Selected!.Local);
    }

    [Fact]
    public void Connects_to_a_peer_that_signals_no_candidates()
    {
        // Its addresses are hidden behind mDNS names that we do not resolve: its checks make it known.
        var pair = IcePair.Direct();
        pair.Answerer.Learn(pair.Offerer);
        pair.Offerer.Learn(pair.Answerer, candidates: false);
        pair.Offerer.Agent.EndOfRemoteCandidates(pair.Network.Now);
        Assert.True(pair.Network.RunFor(5, () => pair.BothConnected));
        Assert.Equal(IceCandidateType.PeerReflexive, pair.Offerer.Agent.Selected!.RemoteCandidate.Type);
    }

    [Fact]
    public void A_signalled_candidate_takes_the_place_of_the_peer_reflexive_one()
    {
        var pair = IcePair.Direct();
        pair.Answerer.Learn(pair.Offerer);
        pair.Offerer.Learn(pair.Answerer, candidates: false);
        Assert.True(pair.Network.RunFor(5, () => pair.BothConnected));

        pair.Offerer.Trickle(pair.Answerer);
        Assert.Equal(IceCandidateType.Host, pair.Offerer.Agent.Selected!.RemoteCandidate.Type);
        Assert.False(pair.Offerer.Agent.AddRemote(pair.Offerer.Agent.Selected.RemoteCandidate, pair.Network.Now));
    }

    [Fact]
    public void Candidates_may_trickle_in_one_by_one()
    {
        var pair = new IcePair();
        pair.Offerer.Learn(pair.Answerer, candidates: false);
        pair.Answerer.Learn(pair.Offerer, candidates: false);
        pair.Network.RunFor(1);
        pair.Offerer.AddHost(0, "192.0.2.1");
        pair.Answerer.Trickle(pair.Offerer);
        pair.Network.RunFor(1);
        Assert.False(pair.BothConnected);

        pair.Answerer.AddHost(0, "192.0.2.2");
        pair.Offerer.Trickle(pair.Answerer);
        Assert.True(pair.Network.RunFor(2, () => pair.BothConnected));
    }

    [Fact]
    public void Checks_that_overtake_the_answer_are_answered_and_remembered()
    {
        var pair = IcePair.Direct();
        pair.Signal(answerAfter: 2);
        pair.Network.RunFor(1.9);
        Assert.Equal(IceAgentState.New, pair.Offerer.Agent.State);
        Assert.True(pair.Offerer.Agent.CountOf(IceStunResult.RequestAnswered) > 0);
        Assert.All(pair.Offerer.Sent, sent => Assert.False(sent.IsRequest));

        Assert.True(pair.Network.RunFor(0.3, () => pair.BothConnected));
    }

    [Fact]
    public void Candidates_of_another_generation_are_ignored()
    {
        var pair = IcePair.Direct();
        pair.Offerer.Learn(pair.Answerer, candidates: false);
        var candidate = pair.Answerer.Agent.LocalCandidates[0];
        Assert.False(pair.Offerer.Agent.AddRemote(candidate with { Ufrag = "other" }, pair.Network.Now));
        Assert.True(pair.Offerer.Agent.AddRemote(candidate with { Ufrag = pair.Answerer.Agent.Local.Ufrag }, pair.Network.Now));
    }

    [Fact]
    public void Never_connecting_fails_after_thirty_seconds()
    {
        var pair = IcePair.Direct();
        pair.Network.IsBlocked = (_, _) => true;
        pair.Offerer.Learn(pair.Answerer, candidates: false);
        pair.Offerer.Trickle(pair.Answerer);
        pair.Network.RunFor(29.9);
        Assert.Equal(IceAgentState.Checking, pair.Offerer.Agent.State);
        pair.Network.RunFor(0.2);
        Assert.Equal(
            (IceAgentState.Failed, IceAgentStateReason.NeverConnected), (pair.Offerer.Agent.State, pair.Offerer.Agent.StateReason));
    }

    [Fact]
    public void Loss_and_reordering_do_not_prevent_it()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var pair = BehindNats(
                NatMapping.EndpointIndependent, NatFiltering.AddressAndPort, NatMapping.EndpointIndependent, NatFiltering.Address, seed);
            pair.Offerer.AddRelay(16, "198.51.100.10");
            pair.Network.Loss = 0.3;
            pair.Network.Jitter = TimeSpan.FromMilliseconds(80);
            pair.Signal();
            Assert.True(
                pair.Network.RunFor(20, () => pair.BothConnected),
                $"seed {seed}: {pair.Offerer.Agent.State}, {pair.Answerer.Agent.State}");

            // And it stays: a minute of consent under the same loss.
            pair.Network.RunFor(60);
            Assert.True(pair.IsOnePath, $"seed {seed}");
            Assert.DoesNotContain(IceAgentState.Failed, pair.Offerer.States);
        }
    }

    [Fact]
    public void Connects_however_slow_the_path_is()
    {
        var pair = IcePair.Direct();
        pair.Network.Delay = TimeSpan.FromSeconds(1.5);
        pair.Connect(15);
        pair.Network.RunFor(60);
        Assert.True(pair.BothConnected);
    }

    [Fact]
    public void Checks_are_paced_and_the_first_goes_at_once()
    {
        var pair = IcePair.Direct();
        for (var i = 1; i <= 5; i++)
        {
            pair.Offerer.AddHost(i, $"192.0.2.{10 + i}");
        }

        pair.Network.IsBlocked = (_, _) => true;
        pair.Offerer.Learn(pair.Answerer);
        Assert.Single(pair.Offerer.Sent);
        pair.Network.RunFor(0.4);
        Assert.Equal([0, 50, 100, 150, 200, 250], pair.Offerer.Sent.Select(sent => sent.At.TotalMilliseconds));
    }

    [Fact]
    public void Unanswered_checks_are_sent_again_ever_more_slowly_then_fail()
    {
        var pair = IcePair.Direct();
        pair.Network.IsBlocked = (_, _) => true;
        pair.Offerer.Learn(pair.Answerer);
        pair.Network.RunFor(60);
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 15.5], pair.Offerer.Sent.Select(sent => sent.At.TotalSeconds));
        Assert.Equal(IceAgentStateReason.AllPairsFailed, pair.Offerer.Agent.StateReason);
    }

    private static IEnumerable<IceAgentState> AllStates(VirtualPeer peer) => peer.States.Append(peer.Agent.State).Distinct();

    private static IcePair BehindSymmetricNats() => BehindNats(
        NatMapping.EndpointDependent, NatFiltering.AddressAndPort, NatMapping.EndpointDependent, NatFiltering.AddressAndPort);

    private static IcePair BehindNats(
        NatMapping offererMapping, NatFiltering offererFiltering, NatMapping answererMapping, NatFiltering answererFiltering, int seed = 1)
    {
        var pair = new IcePair(seed);
        pair.Offerer.AddHost(0, "192.168.0.2", pair.Network.AddNat("203.0.113.1", offererMapping, offererFiltering));
        pair.Answerer.AddHost(0, "10.0.0.2", pair.Network.AddNat("203.0.113.2", answererMapping, answererFiltering));
        return pair;
    }
}
