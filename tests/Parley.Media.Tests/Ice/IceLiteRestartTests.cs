using System.Text;
using Parley.Media.Ice;
using Parley.Media.Stun;

namespace Parley.Media.Tests.Ice;

/// <summary>ICE restarts of a lite agent (RFC 8445 §9): make before break.</summary>
public sealed class IceLiteRestartTests
{
    private static readonly IceCredentials NewLocal = IceCredentials.Create(RandomSource.Seeded(3));
    private static readonly IceCredentials NewRemote = IceCredentials.Create(RandomSource.Seeded(4));

    private readonly IceTestPeer _peer = new();
    private readonly IceCredentials _oldLocal;

    public IceLiteRestartTests() => _oldLocal = Agent.Local;

    private IceLiteAgent Agent => _peer.Agent;

    [Fact]
    public void The_old_credentials_go_on_working_until_the_new_ones_have_nominated()
    {
        _peer.Send(OldCheck(nominate: true), seconds: 1);
        Agent.Restart(NewLocal, NewRemote, Seconds(10));
        Assert.Equal((NewLocal, _oldLocal), (Agent.Local, Agent.Previous));
        AssertState(IceState.Connected, IceTestPeer.Home, Seconds(14));

        // The old path keeps its consent, and a check by the new way alone moves nothing.
        Assert.Equal(IceRequestResult.Success, _peer.Send(OldCheck(), seconds: 12));
        Assert.Equal(IceRequestResult.Success, _peer.Send(NewCheck(), IceTestPeer.Elsewhere, seconds: 13));
        AssertState(IceState.Connected, IceTestPeer.Home, Seconds(25));

        Assert.Equal(IceRequestResult.Success, _peer.Send(NewCheck(nominate: true), IceTestPeer.Elsewhere, seconds: 14));
        AssertState(IceState.Connected, IceTestPeer.Elsewhere, Seconds(27));
        Assert.Null(Agent.Previous);
        Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(OldCheck(nominate: true), seconds: 15));
        Assert.Equal(IceTestPeer.Elsewhere, Agent.Selected);
    }

    [Fact]
    public void Each_answer_is_keyed_by_the_password_its_check_was_made_with()
    {
        _peer.Send(OldCheck(nominate: true));
        Agent.Restart(NewLocal, NewRemote, Seconds(1));
        AssertKeyed(OldCheck(), _oldLocal);
        AssertKeyed(NewCheck(), NewLocal);

        // Neither password opens the other's door.
        Assert.Equal(IceRequestResult.WrongIntegrity, _peer.Send(Check(NewLocal, NewRemote, _oldLocal.Password), seconds: 2));
        Assert.Equal(IceRequestResult.WrongIntegrity, _peer.Send(Check(_oldLocal, _peer.Credentials, NewLocal.Password), seconds: 2));
        Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(Check(NewLocal, _peer.Credentials), seconds: 2));
    }

    [Fact]
    public void Before_anything_was_selected_a_restart_forgets_the_old_credentials_at_once()
    {
        _peer.Send(OldCheck(), seconds: 1);
        Agent.Restart(NewLocal, NewRemote, Seconds(20));
        Assert.Null(Agent.Previous);
        Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(OldCheck(nominate: true), seconds: 21));
        AssertState(IceState.New, null, Seconds(50));
    }

    [Fact]
    public void A_restart_upon_a_restart_keeps_the_credentials_of_the_selected_address()
    {
        var (between, betweenRemote) = (IceCredentials.Create(RandomSource.Seeded(5)), IceCredentials.Create(RandomSource.Seeded(6)));
        _peer.Send(OldCheck(nominate: true), seconds: 1);
        Agent.Restart(between, betweenRemote, Seconds(2));
        Agent.Restart(NewLocal, NewRemote, Seconds(3));
        Assert.Equal((NewLocal, _oldLocal), (Agent.Local, Agent.Previous));
        Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(Check(between, betweenRemote), seconds: 4));
        Assert.Equal(IceRequestResult.Success, _peer.Send(OldCheck(), seconds: 4));
    }

    /// <summary>Who walked out of the Wi-Fi and restarts 25 s later has the whole time for it, but the old address none.</summary>
    [Fact]
    public void When_the_old_way_dies_the_restart_still_has_its_own_time()
    {
        _peer.Send(OldCheck(nominate: true), seconds: 0);
        Agent.Restart(NewLocal, NewRemote, Seconds(25));
        AssertState(IceState.Disconnected, IceTestPeer.Home, Seconds(30));

        Agent.HandleTimeout(Seconds(30));
        AssertState(IceState.New, null, Seconds(55));
        Assert.Equal(IceStateReason.ConsentExpired, Agent.StateReason);
        Assert.Equal(IceRequestResult.WrongUsername, _peer.Send(OldCheck(nominate: true), seconds: 31));

        Assert.Equal(IceRequestResult.Success, _peer.Send(NewCheck(nominate: true), IceTestPeer.Elsewhere, seconds: 54));
        AssertState(IceState.Connected, IceTestPeer.Elsewhere, Seconds(67));
        Assert.Equal(IceStateReason.Nominated, Agent.StateReason);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(80)]
    public void When_both_ways_die_it_fails_however_late_the_timer_comes(double firstTimer)
    {
        _peer.Send(OldCheck(nominate: true), seconds: 0);
        Agent.Restart(NewLocal, NewRemote, Seconds(25));
        Agent.HandleTimeout(Seconds(firstTimer));
        Agent.HandleTimeout(Seconds(80));
        AssertState(IceState.Failed, null, TimeSpan.MaxValue);
        Assert.Equal(IceStateReason.NeverConnected, Agent.StateReason);
    }

    /// <summary>Nobody is cut off because a restart came to nothing, as long as the old way works.</summary>
    [Fact]
    public void A_restart_that_never_nominates_leaves_the_old_way_alone()
    {
        _peer.Send(OldCheck(nominate: true), seconds: 0);
        Agent.Restart(NewLocal, NewRemote, Seconds(1));
        for (var at = 5; at <= 120; at += 5) Assert.Equal(IceRequestResult.Success, _peer.Send(OldCheck(), seconds: at));
        AssertState(IceState.Connected, IceTestPeer.Home, Seconds(133));

        // And then its consent ends as ever, with the credentials.
        Agent.HandleTimeout(Seconds(133));
        Agent.HandleTimeout(Seconds(150));
        AssertState(IceState.Failed, null, TimeSpan.MaxValue);
        Assert.Equal(IceStateReason.ConsentExpired, Agent.StateReason);
        Assert.Null(Agent.Previous);
    }

    [Fact]
    public void One_that_failed_is_tried_again_and_one_that_was_closed_is_not()
    {
        _peer.Send(OldCheck(nominate: true), seconds: 0);
        Agent.HandleTimeout(Seconds(13));
        Agent.HandleTimeout(Seconds(30));
        Assert.Equal(IceState.Failed, Agent.State);

        Agent.Restart(NewLocal, NewRemote, Seconds(40));
        AssertState(IceState.New, null, Seconds(70));
        Assert.Equal(IceStateReason.Restarted, Agent.StateReason);
        Assert.Equal(IceRequestResult.Success, _peer.Send(NewCheck(nominate: true), seconds: 50));
        AssertState(IceState.Connected, IceTestPeer.Home, Seconds(63));

        Agent.Close();
        Agent.Restart(_oldLocal, _peer.Credentials, Seconds(51));
        Assert.Equal(IceState.Closed, Agent.State);
        Assert.Equal(IceRequestResult.Ended, _peer.Send(OldCheck(nominate: true), seconds: 52));
    }

    private byte[] OldCheck(bool nominate = false) => Check(_oldLocal, _peer.Credentials, nominate: nominate);

    private byte[] NewCheck(bool nominate = false) => Check(NewLocal, NewRemote, nominate: nominate);

    private byte[] Check(IceCredentials local, IceCredentials remote, string? password = null, bool nominate = false) =>
        _peer.Request(
            (ref StunWriter writer) =>
            {
                writer.WriteUsername(Encoding.UTF8.GetBytes($"{local.Ufrag}:{remote.Ufrag}"));
                writer.WriteIceControlling(7);
                if (nominate) writer.WriteUseCandidate();
            },
            password ?? local.Password);

    private void AssertKeyed(byte[] check, IceCredentials local)
    {
        Assert.Equal(IceRequestResult.Success, _peer.Send(check, seconds: 2));
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(_peer.Response, out var answer));
        Assert.True(answer.VerifyIntegrity(Encoding.UTF8.GetBytes(local.Password)));
    }

    private void AssertState(IceState state, TransportAddress? selected, TimeSpan deadline) =>
        Assert.Equal((state, selected, deadline), (Agent.State, Agent.Selected, Agent.NextDeadline));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
