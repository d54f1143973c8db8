using CsCheck;
using Parley.Media.Ice;

namespace Parley.Media.Tests.Ice;

/// <summary>Time passes for a lite agent (RFC 7675).</summary>
public sealed class IceConsentTests
{
    private readonly IceTestPeer _peer = new(TimeSpan.FromSeconds(100));

    private IceLiteAgent Agent => _peer.Agent;

    [Fact]
    public void Fails_when_nothing_is_nominated_in_time()
    {
        Assert.Equal(Seconds(130), Agent.NextDeadline);
        _peer.Send(_peer.Check(), seconds: 129);
        Agent.HandleTimeout(Seconds(129.9));
        Assert.Equal(IceState.New, Agent.State);

        Agent.HandleTimeout(Seconds(130));
        AssertState(IceState.Failed, IceStateReason.NeverConnected, TimeSpan.MaxValue);
        Assert.False(Agent.IsValidated(IceTestPeer.Home));
    }

    [Fact]
    public void Disconnects_then_fails_when_checks_stop()
    {
        _peer.Send(_peer.Check(nominate: true), seconds: 110);
        AssertState(IceState.Connected, IceStateReason.Nominated, Seconds(123));

        Agent.HandleTimeout(Seconds(122.9));
        Assert.Equal(IceState.Connected, Agent.State);
        Agent.HandleTimeout(Seconds(123));
        AssertState(IceState.Disconnected, IceStateReason.ChecksLate, Seconds(140));
        Assert.Equal(IceTestPeer.Home, Agent.Selected);

        Agent.HandleTimeout(Seconds(140));
        AssertState(IceState.Failed, IceStateReason.ConsentExpired, TimeSpan.MaxValue);
        Assert.Null(Agent.Selected);
        Assert.False(Agent.IsValidated(IceTestPeer.Home));
    }

    [Fact]
    public void One_check_mends_a_disconnection()
    {
        _peer.Send(_peer.Check(nominate: true), seconds: 110);
        Agent.HandleTimeout(Seconds(125));
        _peer.Send(_peer.Check(), seconds: 126);
        AssertState(IceState.Connected, IceStateReason.ChecksResumed, Seconds(139));
    }

    [Fact]
    public void Checks_from_another_address_do_not_renew_the_selected_ones_consent()
    {
        _peer.Send(_peer.Check(nominate: true), seconds: 110);
        _peer.Send(_peer.Check(), IceTestPeer.Elsewhere, seconds: 124);
        Assert.Equal(IceState.Disconnected, Agent.State);

        _peer.Send(_peer.Check(nominate: true), IceTestPeer.Elsewhere, seconds: 125);
        AssertState(IceState.Connected, IceStateReason.ChecksResumed, Seconds(138));
        Assert.Equal(IceTestPeer.Elsewhere, Agent.Selected);
    }

    [Fact]
    public void An_address_that_stopped_checking_is_valid_no_longer()
    {
        _peer.Send(_peer.Check(), IceTestPeer.Elsewhere, seconds: 101);
        _peer.Send(_peer.Check(nominate: true), seconds: 110);
        _peer.Send(_peer.Check(), seconds: 120);
        _peer.Send(_peer.Check(), seconds: 130.9);
        Assert.True(Agent.IsValidated(IceTestPeer.Elsewhere));

        _peer.Send(_peer.Check(), seconds: 131);
        Assert.False(Agent.IsValidated(IceTestPeer.Elsewhere));
        Assert.True(Agent.IsValidated(IceTestPeer.Home));
    }

    [Fact]
    public void A_failed_or_closed_agent_answers_nothing()
    {
        _peer.Send(_peer.Check(nominate: true), seconds: 110);

        // The timer came late: the check is judged by the time it has.
        Assert.Equal(IceRequestResult.Ended, _peer.Send(_peer.Check(nominate: true), seconds: 140));
        Assert.Empty(_peer.Response);
        AssertState(IceState.Failed, IceStateReason.ConsentExpired, TimeSpan.MaxValue);

        Agent.Close();
        AssertState(IceState.Closed, IceStateReason.ClosedByUs, TimeSpan.MaxValue);
        Assert.Equal(IceRequestResult.Ended, _peer.Send(_peer.Check(nominate: true), seconds: 141));
        Assert.Equal(2, Agent.CountOf(IceRequestResult.Ended));
    }

    [Fact]
    public void Calling_the_timer_at_any_times_changes_nothing() =>
        Gen.Select(Gen.Double[100, 200].Array[0, 12], Gen.Double[100, 200].Array[0, 12]).Sample((checks, timers) =>
        {
            Array.Sort(checks);
            var idle = new IceTestPeer(Seconds(100));
            var nervous = new IceTestPeer(Seconds(100));
            var previous = 100.0;
            foreach (var at in checks)
            {
                foreach (var timer in timers.Where(t => t >= previous && t < at).Order())
                {
                    nervous.Agent.HandleTimeout(Seconds(timer));
                }

                Assert.Equal(
                    idle.Send(idle.Check(nominate: true), seconds: at), nervous.Send(nervous.Check(nominate: true), seconds: at));
                Assert.Equal(idle.Agent.State, nervous.Agent.State);
                Assert.Equal(idle.Agent.NextDeadline, nervous.Agent.NextDeadline);
                previous = at;
            }
        });

    private void AssertState(IceState state, IceStateReason reason, TimeSpan deadline) =>
        Assert.Equal((state, reason, deadline), (Agent.State, Agent.StateReason, Agent.NextDeadline));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
