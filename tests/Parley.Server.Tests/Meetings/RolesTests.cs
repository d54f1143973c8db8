using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class RolesTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Fact]
    public async Task A_host_makes_others_hosts_and_nobody_else_does()
    {
        var (ada, bob, eve) = await ThreeAsync();
        Assert.Equal([Role.Host, Role.Participant, Role.Participant], eve.Joined.Meeting.Participants.Select(p => p.Role));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, bob, Role.Host));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotAsync(ada, "nobody", Role.Host));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotAsync(ada, (string?)null, Role.Host));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(ada, bob.Id, (Role)7));
        Assert.Empty(bob.Link.Unread().Except([MeetingEvents.ParticipantJoined]));

        Assert.Null(await WhyNotAsync(ada, bob, Role.Host));
        Assert.Equal(Role.Host, (await eve.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Role);
        Assert.Equal(Role.Host, (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Role);
        Assert.Null(await WhyNotAsync(bob, ada, Role.Participant));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(ada, eve, Role.Host));
        Assert.Equal([HostActionKind.RoleChanged, HostActionKind.RoleChanged], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task The_last_host_cannot_give_it_up()
    {
        var (ada, bob, _) = await ThreeAsync();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(ada, ada, Role.Listener));
        await WhyNotAsync(ada, bob, Role.Host);
        Assert.Null(await WhyNotAsync(ada, ada, Role.Participant));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, bob, Role.Participant));
    }

    [Fact]
    public async Task When_the_last_host_leaves_who_was_there_longest_is_host()
    {
        var (ada, bob, eve) = await ThreeAsync();
        await _meeting.LeaveAsync(ada.Link);
        await eve.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft);
        var heir = await eve.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged);
        Assert.Equal((bob.Id, Role.Host), (heir.Id, heir.Role));
        Assert.Null(await WhyNotAsync(bob, eve, Role.Listener));
        Assert.Equal([HostActionKind.HostChosen, HostActionKind.RoleChanged], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task A_listener_or_who_is_away_becomes_host_only_when_there_is_nobody_else()
    {
        var (ada, bob, eve) = await ThreeAsync();
        var dan = await Guest.JoinAsync(_meeting, "Dan");
        await WhyNotAsync(ada, bob, Role.Listener);
        _meeting.Disconnected(eve.Link);
        await _meeting.LeaveAsync(ada.Link);
        Assert.Equal(Role.Host, RoleOf(await JoinAsync("Fay"), dan.Id));
        await _meeting.LeaveAsync(dan.Link);
        var fay = RoleOf(await JoinAsync("Gus"), eve.Id);
        Assert.Equal(Role.Participant, fay);

        // Only Bob, who listens, is left.
        var (alone, secret) = await _server.CreateAsync();
        var host = await Guest.JoinAsync(alone, "Host", secret: secret);
        var listener = await Guest.JoinAsync(alone, "Listener");
        await alone.SetRoleAsync(host.Link, new SetRole(listener.Id, Role.Listener));
        await alone.LeaveAsync(host.Link);
        Assert.Null((await alone.SetRoleAsync(listener.Link, new SetRole(listener.Id, Role.Host))).Error);
    }

    [Fact]
    public async Task A_host_who_is_away_for_a_while_is_host_still_and_for_good_no_more()
    {
        var (ada, bob, _) = await ThreeAsync();
        _meeting.Disconnected(ada.Link);
        await bob.SayAsync("she is away");
        _server.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, bob, Role.Host));
        var back = await JoinAsync("Ada", ada.Joined.ResumeToken);
        Assert.Equal(Role.Host, back.Self.Role);

        _meeting.Disconnected(back.Link);
        await bob.SayAsync("again");
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await bob.Link.UntilAsync(MeetingEvents.ParticipantLeft);
        Assert.Equal(Role.Host, (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Role);

        // The token is worth nothing any more, the secret still is.
        var late = await JoinAsync("Ada", ada.Joined.ResumeToken);
        Assert.Equal(Role.Participant, late.Self.Role);
        var creator = await Guest.JoinAsync(_meeting, "Ada", token: late.Joined.ResumeToken, secret: _secret);
        Assert.True(creator.Joined.Resumed);
        Assert.Equal([Role.Host, Role.Participant, Role.Host], creator.Joined.Meeting.Participants.Select(p => p.Role));
    }

    [Fact]
    public async Task Where_nobody_was_host_nobody_becomes_it()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var bob = await JoinAsync("Bob");
        var eve = await JoinAsync("Eve");
        await _meeting.LeaveAsync(bob.Link);
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(eve, eve, Role.Host));
        Assert.Empty(await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task A_listener_has_everything_off_and_may_not_switch_it_on()
    {
        var (ada, _, _) = await ThreeAsync();
        var dan = await Guest.JoinAsync(_meeting, "Dan", MeetingFixture.On);
        await _meeting.OfferAsync(dan.Link, "v=0");
        await WhyNotAsync(ada, dan, Role.Listener);
        Assert.Equal(new SwitchedOff(MediaSource.Microphone, "Ada"), await dan.Link.NextAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        Assert.Equal(new SwitchedOff(MediaSource.Camera, "Ada"), await dan.Link.NextAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        var told = await dan.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged);
        Assert.Equal((Role.Listener, MeetingFixture.Off), (told.Role, told.Media));
        Assert.Equal(MeetingFixture.Off, _server.Media.Meetings[_meeting.Id].Media[dan.Id]);

        MediaState[] wishes = [new(true, false), new(false, true), new(false, false, true)];
        foreach (var wish in wishes) Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(dan.Link, wish)).Error?.Code);
        Assert.Null((await _meeting.SetMediaAsync(dan.Link, MeetingFixture.Off)).Error);

        // An offer is answered as always, with nothing to be forwarded of it.
        Assert.NotNull((await _meeting.OfferAsync(dan.Link, "v=0 again")).Value);
        Assert.Equal(MeetingFixture.Off, _server.Media.Meetings[_meeting.Id].Media[dan.Id]);
        Assert.Equal(MeetingFixture.Off, (await JoinAsync("Dan", dan.Joined.ResumeToken)).Self.Media);
        await dan.Meeting.SetRoleAsync(ada.Link, new SetRole(dan.Id, Role.Participant));
        Assert.Equal(MeetingFixture.Off, (await JoinAsync("Gus")).Joined.Meeting.Participants[3].Media);
    }

    [Fact]
    public async Task Roles_survive_a_restart()
    {
        var (ada, bob, eve) = await ThreeAsync();
        await WhyNotAsync(ada, bob, Role.Listener);
        await WhyNotAsync(ada, eve, Role.Host);
        await _meeting.LeaveAsync(ada.Link);
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        var back = await JoinAsync("Eve", eve.Joined.ResumeToken);
        Assert.Equal([Role.Listener, Role.Host], back.Joined.Meeting.Participants.Select(p => p.Role));
    }

    private async Task<(Guest Ada, Guest Bob, Guest Eve)> ThreeAsync()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        return (ada, await JoinAsync("Bob"), await JoinAsync("Eve"));
    }

    private Task<Guest> JoinAsync(string name, string? token = null) => Guest.JoinAsync(_meeting, name, token: token);

    private static Role RoleOf(Guest seenBy, string id) => seenBy.Joined.Meeting.Participants.Single(p => p.Id == id).Role;

    private Task<string?> WhyNotAsync(Guest by, Guest target, Role role) => WhyNotAsync(by, target.Id, role);

    private async Task<string?> WhyNotAsync(Guest by, string? target, Role role) =>
        (await _meeting.SetRoleAsync(by.Link, new SetRole(target, role)).Soon()).Error?.Code;
}
