using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class LobbyTests
{
    private static readonly CreateMeeting WithLobby = new("Weekly", "Ada", Lobby: true);

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Fact]
    public async Task Who_knocks_is_told_nothing_and_hosts_are_told_who_waits()
    {
        var ada = await OpenAsync();
        var bob = await InsideAsync(ada, "Bob");
        var eve = await KnockAsync("  Eve \t Adams ");
        var waiting = Assert.Single((await WaitingAsync(ada)).Waiting);
        Assert.Equal("Eve Adams", waiting.Name);

        // All that happens inside, and all that they try.
        await ada.SayAsync("between us");
        await _meeting.SetMediaAsync(bob.Link, MeetingFixture.On);
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Locked: true));
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.OfferAsync(eve, "v=0")).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.SetViewAsync(eve, [])).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.SendChatAsync(eve, new SendChat("1", "let me in"))).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.SetHandAsync(eve, true)).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.AnswerKnockAsync(eve, new KnockAnswer(null, true))).Error?.Code);
        Assert.Equal(ErrorCodes.SecretWrong, (await _meeting.ReadPathAsync(new Asker(null))).Error?.Code);
        Assert.Empty(eve.Unread());
        Assert.Equal(2, _meeting.Summary.Participants);
        Assert.DoesNotContain(bob.Link.Drain(), told => told.Name is MeetingEvents.LobbyChanged or MeetingEvents.ParticipantJoined);
        Assert.Empty(_server.Media.Meetings);
    }

    [Fact]
    public async Task A_host_admits_and_the_token_is_a_place_even_when_the_reply_is_lost()
    {
        var ada = await OpenAsync();
        var bob = await InsideAsync(ada, "Bob");
        var knock = await KnockAsync("Eve");
        var id = (await WaitingAsync(ada)).Waiting[0].Id;
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.AnswerKnockAsync(bob.Link, new KnockAnswer(id, true))).Error?.Code);
        Assert.True((await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(id, true))).Value);
        Assert.Empty((await WaitingAsync(ada)).Waiting);
        // Two hosts may answer at the same time.
        Assert.True((await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(id, false))).Value);
        var token = (await knock.NextAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken;

        var eve = await Guest.JoinAsync(_meeting, "Somebody else", MeetingFixture.On, token);
        Assert.False(eve.Joined.Resumed);
        Assert.Equal(("Eve", Role.Participant, MeetingFixture.On), (eve.Self.Name, eve.Self.Role, eve.Self.Media));
        Assert.Equal(token, eve.Joined.ResumeToken);
        var again = await Guest.JoinAsync(_meeting, "Eve", token: token);
        Assert.True(again.Joined.Resumed);
        Assert.Equal(eve.Id, again.Id);
        Assert.Equal(3, _meeting.Summary.Participants);
        Assert.Equal([HostActionKind.Admitted, HostActionKind.Admitted], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Who_was_let_in_may_come_over_another_connection_within_the_grace_and_no_later()
    {
        var ada = await OpenAsync();
        var early = await AdmittedAsync(ada, "Early");
        var late = await AdmittedAsync(ada, "Late");
        _server.Time.Advance(TimeSpan.FromSeconds(29));
        await Guest.JoinAsync(_meeting, "Early", token: early);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCodes.Waiting, await Guest.WhyNotJoinedAsync(_meeting, "Late", late));
    }

    [Fact]
    public async Task A_host_turns_away_and_the_connection_is_closed()
    {
        var ada = await OpenAsync();
        var knock = await KnockAsync("Eve");
        await WaitingAsync(ada);
        Assert.True((await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, false))).Value);
        Assert.DoesNotContain("Ada", (await knock.NextAsync<TurnedAway>(MeetingEvents.TurnedAway)).Message, StringComparison.Ordinal);
        await knock.WhenClosed;
        Assert.Empty((await WaitingAsync(ada)).Waiting);
        Assert.Equal([HostActionKind.TurnedAway], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Leaving_or_a_lost_connection_ends_the_knock()
    {
        var ada = await OpenAsync();
        var eve = await KnockAsync("Eve");
        var dan = await KnockAsync("Dan");
        Assert.Equal(["Eve", "Dan"], ((LobbyChanged)(await NthAsync(ada, 2))!).Waiting.Select(one => one.Name));
        Assert.True((await _meeting.LeaveAsync(eve)).Value);
        Assert.Equal(["Dan"], (await WaitingAsync(ada)).Waiting.Select(one => one.Name));
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.LeaveAsync(eve)).Error?.Code);
        _meeting.Disconnected(dan);
        Assert.Empty((await WaitingAsync(ada)).Waiting);
        await KnockAsync("Gone", new RecordingLink { IsClosed = true });
        Assert.True((await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true))).Value);
        Assert.Empty(await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Hosts_the_creator_and_who_comes_back_do_not_wait()
    {
        var ada = await OpenAsync();
        var bob = await InsideAsync(ada, "Bob");
        _meeting.Disconnected(bob.Link);
        Assert.True((await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Resumed);
        Assert.Equal(Role.Host, (await Guest.JoinAsync(_meeting, "Ada's telephone", secret: _secret)).Self.Role);
        await _meeting.LeaveAsync(ada.Link);
        Assert.Equal(ErrorCodes.Waiting, await Guest.WhyNotJoinedAsync(_meeting, "Ada", ada.Joined.ResumeToken));
    }

    [Fact]
    public async Task Who_becomes_host_hears_who_waits()
    {
        var ada = await OpenAsync();
        var bob = await InsideAsync(ada, "Bob");
        await KnockAsync("Eve");
        await _meeting.LeaveAsync(ada.Link);
        Assert.Equal("Eve", Assert.Single(((LobbyChanged)(await bob.Link.UntilAsync(MeetingEvents.LobbyChanged))!).Waiting).Name);
        var creator = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        Assert.Equal("Eve", Assert.Single((await creator.Link.NextAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting).Name);
    }

    [Fact]
    public async Task When_the_lobby_is_switched_off_who_waits_comes_in_as_far_as_there_is_room()
    {
        var ada = await OpenAsync(WithLobby with { Capacity = 2 });
        var eve = await KnockAsync("Eve");
        var dan = await KnockAsync("Dan");
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Lobby: false));
        var token = (await eve.NextAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken;
        await dan.NextAsync<TurnedAway>(MeetingEvents.TurnedAway);
        Assert.Equal(ErrorCodes.MeetingFull, await Guest.WhyNotJoinedAsync(_meeting, "Gus"));
        await Guest.JoinAsync(_meeting, "Eve", token: token);
    }

    [Fact]
    public async Task Admitting_more_than_there_is_room_for_admits_the_first_and_says_so()
    {
        var ada = await OpenAsync(WithLobby with { Capacity = 2 });
        var eve = await KnockAsync("Eve");
        var dan = await KnockAsync("Dan");
        Assert.Equal(ErrorCodes.MeetingFull, (await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true))).Error?.Code);
        await eve.NextAsync<Admitted>(MeetingEvents.Admitted);
        Assert.Equal(ErrorCodes.MeetingFull, (await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true))).Error?.Code);
        Assert.Empty(dan.Unread());

        // The place is free again when nobody comes for it.
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true))).Value);
        await dan.NextAsync<Admitted>(MeetingEvents.Admitted);
    }

    [Fact]
    public async Task Only_so_many_wait()
    {
        _server.Options.Limits.LobbyPerMeeting = 2;
        await OpenAsync();
        await KnockAsync("Eve");
        var dan = await KnockAsync("Dan");
        Assert.Equal(ErrorCodes.LobbyFull, await Guest.WhyNotJoinedAsync(_meeting, "Gus"));
        await _meeting.LeaveAsync(dan);
        await KnockAsync("Gus");
    }

    [Fact]
    public async Task A_lock_keeps_new_ones_out_and_who_waits_waiting()
    {
        var ada = await OpenAsync();
        var eve = await KnockAsync("Eve");
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Locked: true));
        Assert.Equal(ErrorCodes.MeetingLocked, await Guest.WhyNotJoinedAsync(_meeting, "Dan"));
        Assert.Empty(eve.Unread());
        await _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true));
        await Guest.JoinAsync(_meeting, "Eve", token: (await eve.NextAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken);
    }

    [Fact]
    public async Task The_end_is_told_to_who_waits_without_a_name()
    {
        var ada = await OpenAsync();
        var eve = await KnockAsync("Eve");
        Assert.True((await _meeting.CancelAsync(null, ada.Link)).Value);
        var ended = await eve.NextAsync<MeetingEnded>(MeetingEvents.MeetingEnded);
        Assert.Null(ended.By);
        Assert.DoesNotContain("Ada", ended.Message, StringComparison.Ordinal);
        await eve.WhenClosed;
    }

    [Fact]
    public async Task A_host_who_leaves_while_admitting_leaves_no_one_half_inside()
    {
        var ada = await OpenAsync();
        var bob = await InsideAsync(ada, "Bob");
        var eve = await KnockAsync("Eve");
        var disk = new TaskCompletionSource();
        _server.Records.Hold = _ => disk.Task;
        var admitting = _meeting.AnswerKnockAsync(ada.Link, new KnockAnswer(null, true));
        _meeting.Disconnected(eve);
        var leaving = _meeting.LeaveAsync(ada.Link);
        var settling = _meeting.AnswerKnockAsync(bob.Link, new KnockAnswer(null, true));
        _server.Records.Hold = null;
        disk.SetResult();
        Assert.True((await admitting.Soon()).Value);
        Assert.True((await leaving.Soon()).Value);
        // Bob was made host before his call had its turn, and by then nobody waited.
        Assert.True((await settling.Soon()).Value);
        var token = (await eve.NextAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken;
        Assert.Equal(["Bob", "Eve"], (await Guest.JoinAsync(_meeting, "Eve", token: token)).Joined.Meeting.Participants.Select(p => p.Name));
    }

    [Fact]
    public async Task A_meeting_that_the_last_one_leaves_ends_for_who_waits_too()
    {
        var ada = await OpenAsync();
        var eve = await KnockAsync("Eve");
        await _meeting.LeaveAsync(ada.Link);
        Assert.Equal(EndReason.LastLeft, (await eve.NextAsync<MeetingEnded>(MeetingEvents.MeetingEnded)).Reason);
    }

    [Fact]
    public async Task A_restart_forgets_who_waits_and_not_the_lobby()
    {
        await OpenAsync();
        await KnockAsync("Eve");
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        await KnockAsync("Eve");
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        Assert.Single((await ada.Link.NextAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting);
    }

    private async Task<Guest> OpenAsync(CreateMeeting? plan = null)
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync(plan: plan ?? WithLobby);
        return await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
    }

    private async Task<RecordingLink> KnockAsync(string name, RecordingLink? link = null)
    {
        link ??= new RecordingLink();
        Assert.Equal(ErrorCodes.Waiting, await Guest.WhyNotJoinedAsync(_meeting, name, link: link));
        return link;
    }

    private async Task<string> AdmittedAsync(Guest host, string name)
    {
        var link = await KnockAsync(name);
        Assert.True((await _meeting.AnswerKnockAsync(host.Link, new KnockAnswer(null, true))).Value);
        return (await link.NextAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken;
    }

    private async Task<Guest> InsideAsync(Guest host, string name)
    {
        var guest = await Guest.JoinAsync(_meeting, name, token: await AdmittedAsync(host, name));
        host.Link.Drain();
        return guest;
    }

    private static async Task<LobbyChanged> WaitingAsync(Guest host) => (LobbyChanged)(await host.Link.UntilAsync(MeetingEvents.LobbyChanged))!;

    private static async Task<object?> NthAsync(Guest host, int n)
    {
        object? last = null;
        for (var i = 0; i < n; i++) last = await host.Link.UntilAsync(MeetingEvents.LobbyChanged);
        return last;
    }
}
