using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class ModerationTests
{
    private static readonly MediaState All = new(true, true, true, true);

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Theory]
    [InlineData(MediaSource.Microphone)]
    [InlineData(MediaSource.Camera)]
    [InlineData(MediaSource.Screen)]
    public async Task A_host_switches_one_off_and_a_participant_may_not(MediaSource source)
    {
        var (ada, bob, eve) = await ThreeAsync();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotOffAsync(eve, bob.Id, source));
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotOffAsync(eve, null, source));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotOffAsync(ada, "nobody", source));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotOffAsync(ada, bob.Id, (MediaSource)9));
        Assert.Empty(bob.Link.Unread());

        Assert.Null(await WhyNotOffAsync(ada, bob.Id, source));
        Assert.Equal(new SwitchedOff(source, "Ada"), await bob.Link.NextAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        // The sound of a screen goes with the screen, not with the microphone.
        var left = new MediaState(source != MediaSource.Microphone, source != MediaSource.Camera, source != MediaSource.Screen, source != MediaSource.Screen);
        Assert.Equal(left, (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Media);
        Assert.Equal(left, (await eve.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Media);
        Assert.Equal(left, _server.Media.Meetings[_meeting.Id].Media[bob.Id]);

        // Off is off: again says nothing, and there is no call that switches it on.
        Assert.Null(await WhyNotOffAsync(ada, bob.Id, source));
        Assert.Empty(bob.Link.Unread());
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, All)).Error);
        Assert.Equal([HostActionKind.SwitchedOff], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Muting_all_leaves_the_hosts_on()
    {
        var (ada, bob, _) = await ThreeAsync();
        await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Host));
        Assert.Null(await WhyNotOffAsync(ada, null, MediaSource.Microphone));
        var seen = await Guest.JoinAsync(_meeting, "Dan");
        Assert.Equal([true, true, false], seen.Joined.Meeting.Participants.Take(3).Select(p => p.Media.Mic));

        // One by one a host can be muted too.
        Assert.Null(await WhyNotOffAsync(bob, ada.Id, MediaSource.Microphone));
        Assert.Equal(new SwitchedOff(MediaSource.Microphone, "Bob"), await ada.Link.UntilAsync(MeetingEvents.SwitchedOff));
    }

    [Fact]
    public async Task Who_is_asked_may_unmute_once_though_the_right_is_taken()
    {
        var (ada, bob, eve) = await ThreeAsync();
        await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Rights.All with { Mic = false }));
        bob.Link.Drain();
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.AskToUnmuteAsync(eve.Link, bob.Id)).Error?.Code);
        Assert.Equal(ErrorCodes.ParticipantUnknown, (await _meeting.AskToUnmuteAsync(ada.Link, "nobody")).Error?.Code);
        Assert.Null((await _meeting.AskToUnmuteAsync(ada.Link, bob.Id)).Error);
        Assert.Equal(new AskedToUnmute("Ada"), await bob.Link.NextAsync<AskedToUnmute>(MeetingEvents.AskedToUnmute));

        // Nothing is on by that: it is Bob who switches it on, and nobody else.
        var on = new MediaState(true, true, true);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(eve.Link, on)).Error?.Code);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, on)).Error);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, MeetingFixture.Off)).Error);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(bob.Link, on)).Error?.Code);

        // A mute takes the asking back.
        await _meeting.AskToUnmuteAsync(ada.Link, bob.Id);
        await WhyNotOffAsync(ada, null, MediaSource.Microphone);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(bob.Link, on)).Error?.Code);
        await _meeting.SetRoleAsync(ada.Link, new SetRole(eve.Id, Role.Listener));
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.AskToUnmuteAsync(ada.Link, eve.Id)).Error?.Code);
    }

    [Fact]
    public async Task One_renames_oneself_and_a_host_others()
    {
        var (ada, bob, eve) = await ThreeAsync();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotNamedAsync(eve, bob.Id, "Mallory"));
        Assert.Equal(ErrorCodes.NameInvalid, await WhyNotNamedAsync(bob, null, " \u200B "));
        Assert.Equal(ErrorCodes.NameInvalid, await WhyNotNamedAsync(bob, null, new string('x', 61)));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotNamedAsync(ada, "nobody", "Bob"));
        Assert.Null(await WhyNotNamedAsync(bob, null, "  Robert \n B. "));
        Assert.Equal("Robert B.", (await eve.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Name);
        Assert.Equal("Robert B.", (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Name);
        Assert.Null(await WhyNotNamedAsync(ada, bob.Id, "Bobby"));
        Assert.Equal("Bobby", (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Name);
        Assert.Equal("Bobby", (await bob.SayAsync("it is me")).Name);

        // Whose name is chosen by a host is in the audit; the record has the last name.
        var access = await _server.Records.ReadAccessAsync(_meeting.Id, TestContext.Current.CancellationToken);
        var action = Assert.Single(access!.Actions);
        Assert.Equal(
            new HostAction(HostActionKind.Renamed, action.At, ada.Id, "Ada", bob.Id, "Robert B.", "Bobby"), action);
        await _server.StartAsync();
        var back = await Guest.JoinAsync(await _server.FindAsync(_meeting.Id), "Bob", token: bob.Joined.ResumeToken);
        Assert.Equal("Bobby", back.Self.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_removed_is_told_and_out_and_their_token_is_void(bool mayReturn)
    {
        var (ada, bob, eve) = await ThreeAsync();
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotRemovedAsync(eve, bob.Id, mayReturn));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotRemovedAsync(ada, "nobody", mayReturn));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotRemovedAsync(ada, ada.Id, mayReturn));
        Assert.Null(await WhyNotRemovedAsync(ada, bob.Id, mayReturn));
        var removed = await bob.Link.NextAsync<Removed>(MeetingEvents.Removed);
        Assert.Equal(("Ada", mayReturn), (removed.By, removed.MayReturn));
        await bob.Link.WhenClosed;
        var reason = mayReturn ? LeaveReason.Removed : LeaveReason.Barred;
        Assert.Equal(new ParticipantLeft(bob.Id, reason), await eve.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft));
        Assert.Contains(bob.Id, _server.Media.Meetings[_meeting.Id].Removed);
        Assert.Equal(ErrorCodes.NotJoined, (await _meeting.SendChatAsync(bob.Link, new SendChat("1", "x"))).Error?.Code);

        var code = mayReturn ? ErrorCodes.Removed : ErrorCodes.Barred;
        Assert.Equal(code, await Guest.WhyNotJoinedAsync(_meeting, "Bob", bob.Joined.ResumeToken));
        Assert.Equal(ErrorCodes.ParticipantUnknown, await WhyNotRemovedAsync(ada, bob.Id, mayReturn));

        // Also after a restart; without the token Bob is somebody new.
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        Assert.Equal(code, await Guest.WhyNotJoinedAsync(_meeting, "Bob", bob.Joined.ResumeToken));
        Assert.False((await Guest.JoinAsync(_meeting, "Bob")).Joined.Resumed);
        Assert.Equal([mayReturn ? HostActionKind.Removed : HostActionKind.Barred], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Who_was_removed_while_away_finds_the_door_shut()
    {
        var (ada, bob, _) = await ThreeAsync();
        _meeting.Disconnected(bob.Link);
        Assert.Null(await WhyNotRemovedAsync(ada, bob.Id, mayReturn: true));
        Assert.Equal(ErrorCodes.Removed, await Guest.WhyNotJoinedAsync(_meeting, "Bob", bob.Joined.ResumeToken));
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await ada.SayAsync("his timer is dead");
    }

    [Fact]
    public async Task A_disk_that_fails_removes_nobody()
    {
        var (ada, bob, _) = await ThreeAsync();
        _server.Records.Failing = true;
        Assert.Equal(ErrorCodes.ServerUnavailable, await WhyNotRemovedAsync(ada, bob.Id, mayReturn: false));
        _server.Records.Failing = false;
        await bob.SayAsync("still here");
    }

    [Fact]
    public async Task A_host_ends_the_meeting_without_the_secret_and_a_participant_does_not()
    {
        var (ada, bob, eve) = await ThreeAsync();
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.CancelAsync(null, bob.Link)).Error?.Code);
        await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Host));
        Assert.True((await _meeting.CancelAsync(null, bob.Link)).Value);
        Assert.Equal("Bob", ((MeetingEnded)(await eve.Link.UntilAsync(MeetingEvents.MeetingEnded))!).By);
    }

    [Fact]
    public async Task A_host_may_read_all_statistics_with_their_own_token()
    {
        var (ada, bob, _) = await ThreeAsync();
        Assert.Equal([bob.Id], await ReadableAsync(bob));
        Assert.Equal(3, (await ReadableAsync(ada)).Count());
    }

    private async Task<IEnumerable<string>> ReadableAsync(Guest guest)
    {
        _server.Media.Meetings[_meeting.Id].Snapshot = Task.FromResult(new MediaSnapshot(
            _server.Time.GetUtcNow(), null, new RtpStatistics(new(0, 0, 0, 0, 0, 0), new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new Dictionary<string, long>()),
            new Dictionary<string, TransportStatistics>()));
        return (await _meeting.ReadStatisticsAsync(new Asker(guest.Joined.ResumeToken)).Soon()).Value!.Participants.Select(p => p.ParticipantId);
    }

    /// <summary>Everybody with everything on, and Bob with a connection.</summary>
    private async Task<(Guest Ada, Guest Bob, Guest Eve)> ThreeAsync()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", All, secret: _secret);
        var bob = await Guest.JoinAsync(_meeting, "Bob", All);
        var eve = await Guest.JoinAsync(_meeting, "Eve", All);
        await _meeting.OfferAsync(bob.Link, "v=0");
        bob.Link.Drain();
        return (ada, bob, eve);
    }

    private async Task<string?> WhyNotOffAsync(Guest by, string? id, MediaSource source) =>
        (await _meeting.SwitchOffAsync(by.Link, new SwitchOff(id, source)).Soon()).Error?.Code;

    private async Task<string?> WhyNotNamedAsync(Guest by, string? id, string name) =>
        (await _meeting.RenameAsync(by.Link, new Rename(id, name)).Soon()).Error?.Code;

    private async Task<string?> WhyNotRemovedAsync(Guest by, string id, bool mayReturn) =>
        (await _meeting.RemoveAsync(by.Link, new RemoveParticipant(id, mayReturn)).Soon()).Error?.Code;
}
