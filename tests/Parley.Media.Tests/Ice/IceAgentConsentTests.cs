using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Consent, paths that die, and restarts of full agents.</summary>
public sealed class IceAgentConsentTests
{
    [Fact]
    public void Consent_is_asked_for_every_four_to_six_seconds()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(20);
        pair.Offerer.Sent.Clear();
        pair.Network.RunFor(600);
        var times = pair.Offerer.Sent.Where(sent => sent.IsRequest).Select(sent => sent.At).ToList();
        Assert.All(times.Zip(times.Skip(1)), two => Assert.InRange((two.Second - two.First).TotalSeconds, 4.0, 6.0));
        Assert.True(times.Zip(times.Skip(1)).Select(two => two.Second - two.First).Distinct().Count() > 50);
        Assert.True(pair.BothConnected);
        Assert.DoesNotContain(IceAgentState.Disconnected, pair.Offerer.States);
    }

    [Fact]
    public void Without_consent_it_disconnects_then_fails_after_thirty_seconds()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(20);
        var died = pair.Network.Now;
        pair.Network.IsBlocked = (_, _) => true;
        Assert.True(pair.Network.RunFor(8.1, () => pair.Offerer.Agent.State == IceAgentState.Disconnected));
        Assert.Equal(IceAgentStateReason.ConsentLate, pair.Offerer.Agent.StateReason);
        Assert.NotNull(pair.Offerer.Agent.Selected);
        Assert.True(pair.Offerer.Agent.IsConsented(0, pair.Answerer.Socket(0).Address));

        Assert.True(pair.Network.RunFor(30, () => pair.Offerer.Agent.State == IceAgentState.Failed));
        Assert.Equal(IceAgentStateReason.ConsentExpired, pair.Offerer.Agent.StateReason);
        Assert.InRange((pair.Network.Now - died).TotalSeconds, 24, 30);
        Assert.Null(pair.Offerer.Agent.Selected);
        Assert.False(pair.Offerer.Agent.IsConsented(0, pair.Answerer.Socket(0).Address));

        // Nothing is sent any more.
        pair.Network.RunFor(5);
        pair.Offerer.Sent.Clear();
        pair.Network.IsBlocked = (_, _) => false;
        pair.Network.RunFor(60);
        Assert.Empty(pair.Offerer.Sent);
    }

    [Fact]
    public void One_lost_check_does_not_show()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(10);
        var lost = 0;
        pair.Network.IsBlocked = (_, to) => to == pair.Answerer.Socket(0).Address && lost++ == 0;
        pair.Network.RunFor(60);
        Assert.True(lost > 1);
        Assert.DoesNotContain(IceAgentState.Disconnected, pair.Offerer.States);
        Assert.DoesNotContain(IceAgentState.Disconnected, pair.Answerer.States);
    }

    [Fact]
    public void A_path_that_comes_back_is_taken_up_again()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(10);
        pair.Network.IsBlocked = (_, _) => true;
        pair.Network.RunFor(15);
        Assert.Equal(IceAgentState.Disconnected, pair.Offerer.Agent.State);
        pair.Network.IsBlocked = (_, _) => false;
        Assert.True(pair.Network.RunFor(7, () => pair.BothConnected));
        Assert.Equal(IceAgentStateReason.ConsentResumed, pair.Offerer.Agent.StateReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Another_path_takes_over_from_one_that_dies(double diesAfter)
    {
        var pair = IcePair.TwoPaths().Connect();
        pair.Network.RunFor(diesAfter);
        Assert.Equal(0, pair.Offerer.Agent.Selected!.Local);
        pair.Network.IsBlocked = (from, to) => from.IPv4 >> 8 != to.IPv4 >> 8 || from.IPv4 >> 24 == 192;

        Assert.True(pair.Network.RunFor(15, () => pair.BothConnected && pair.Offerer.Agent.Selected!.Local == 1));
        pair.Network.RunFor(120);
        Assert.True(pair.BothConnected);
        Assert.Equal(1, pair.Answerer.Agent.Selected!.Local);
    }

    [Fact]
    public void A_new_local_network_is_used_when_the_old_one_went()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(10);
        pair.Offerer.Socket(0).IsUp = false;
        pair.Offerer.Agent.RemoveLocal(0, pair.Network.Now);
        pair.Network.RunFor(3);
        Assert.Equal(IceAgentState.Disconnected, pair.Offerer.Agent.State);

        // Nobody tells the other side: its check makes the new address known.
        pair.Offerer.AddHost(1, "192.0.2.77");
        Assert.True(pair.Network.RunFor(2, () => pair.BothConnected));
        Assert.Equal(IceCandidateType.PeerReflexive, pair.Answerer.Agent.Selected!.RemoteCandidate.Type);
    }

    [Fact]
    public void Losing_the_only_network_for_good_fails()
    {
        var pair = IcePair.Direct().Connect();
        pair.Offerer.Agent.RemoveLocal(0, pair.Network.Now);
        pair.Network.RunFor(31);
        Assert.Equal(
            (IceAgentState.Failed, IceAgentStateReason.ConsentExpired), (pair.Offerer.Agent.State, pair.Offerer.Agent.StateReason));
    }

    [Fact]
    public void A_restart_keeps_the_old_pair_until_the_new_one_is_there()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(10);
        var old = pair.Offerer.Agent.Selected;
        var oldCredentials = pair.Offerer.Agent.Local;
        pair.Offerer.Agent.Restart(IceCredentials.Create(pair.Offerer.Random), pair.Network.Now);
        Assert.Equal((IceAgentState.Checking, IceAgentStateReason.Restarted), (pair.Offerer.Agent.State, pair.Offerer.Agent.StateReason));
        Assert.Same(old, pair.Offerer.Agent.Selected);
        Assert.NotEqual(oldCredentials, pair.Offerer.Agent.Local);

        // The offer takes its time; consent goes on both ways.
        pair.Network.RunFor(60);
        Assert.Same(old, pair.Offerer.Agent.Selected);
        Assert.Equal(IceAgentState.Connected, pair.Answerer.Agent.State);

        pair.Answerer.Agent.Restart(IceCredentials.Create(pair.Answerer.Random), pair.Network.Now);
        var oldOfAnswerer = pair.Answerer.Agent.Selected;
        Assert.True(pair.Offerer.Agent.IsConsented(0, pair.Answerer.Socket(0).Address));
        pair.Signal(answerAfter: 1);
        pair.Network.RunFor(0.9);
        Assert.Same(old, pair.Offerer.Agent.Selected);
        Assert.Same(oldOfAnswerer, pair.Answerer.Agent.Selected);
        Assert.True(pair.Network.RunFor(2, () => pair.BothConnected));
        Assert.NotSame(old, pair.Offerer.Agent.Selected);
        Assert.NotSame(oldOfAnswerer, pair.Answerer.Agent.Selected);

        pair.Network.RunFor(60);
        Assert.True(pair.BothConnected);
    }

    [Fact]
    public void A_restart_leads_out_of_failure()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.IsBlocked = (_, _) => true;
        pair.Network.RunFor(40);
        Assert.Equal(IceAgentState.Failed, pair.Offerer.Agent.State);
        Assert.Equal(IceAgentState.Failed, pair.Answerer.Agent.State);

        pair.Network.IsBlocked = (_, _) => false;
        pair.Offerer.Agent.Restart(IceCredentials.Create(pair.Offerer.Random), pair.Network.Now);
        Assert.Equal(IceAgentState.New, pair.Offerer.Agent.State);
        pair.Answerer.Agent.Restart(IceCredentials.Create(pair.Answerer.Random), pair.Network.Now);
        pair.Connect();
    }

    [Fact]
    public void New_remote_credentials_are_a_restart_of_the_peers()
    {
        var pair = IcePair.Direct().Connect();
        pair.Network.RunFor(10);
        pair.Answerer.Agent.Restart(IceCredentials.Create(pair.Answerer.Random), pair.Network.Now);
        pair.Answerer.Learn(pair.Offerer);
        pair.Offerer.Learn(pair.Answerer);
        Assert.Equal(IceAgentState.Checking, pair.Offerer.Agent.State);
        Assert.NotNull(pair.Offerer.Agent.Selected);
        Assert.True(pair.Network.RunFor(3, () => pair.BothConnected));
    }

    [Fact]
    public void A_closed_agent_is_silent()
    {
        var pair = IcePair.Direct().Connect();
        pair.Offerer.Agent.Close();
        pair.Offerer.Sent.Clear();
        pair.Network.RunFor(60);
        Assert.Empty(pair.Offerer.Sent);
        Assert.Equal(TimeSpan.MaxValue, pair.Offerer.Agent.NextDeadline);
        Assert.Null(pair.Offerer.Agent.Selected);
        Assert.Equal(IceAgentState.Failed, pair.Answerer.Agent.State);

        pair.Offerer.Agent.Restart(pair.Offerer.Agent.Local, pair.Network.Now);
        pair.Offerer.Agent.SetRemote(pair.Answerer.Agent.Local, lite: false);
        pair.Offerer.Agent.HandleTimeout(pair.Network.Now);
        Assert.Equal(IceAgentState.Closed, pair.Offerer.Agent.State);
        Assert.Empty(pair.Offerer.Sent);
    }
}
