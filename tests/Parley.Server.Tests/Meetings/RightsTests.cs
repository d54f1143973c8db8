using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class RightsTests
{
    private static readonly MediaState All = new(true, true, true, true);

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Fact]
    public async Task Only_hosts_change_settings_and_all_inside_are_told()
    {
        var (ada, bob) = await TwoAsync();
        Assert.Equal(new MeetingSettings(Rights.All, false, false, false), bob.Joined.Meeting.Settings);
        Assert.Equal(ErrorCodes.NotAllowed, await WhyNotAsync(bob, new SettingsChange(Locked: true)));
        Assert.Null(await WhyNotAsync(ada, new SettingsChange(Rights.All with { Chat = false }, Locked: true)));
        var told = await bob.Link.NextAsync<MeetingSettings>(MeetingEvents.SettingsChanged);
        Assert.Equal(new MeetingSettings(Rights.All with { Chat = false }, true, false, false), told);
        Assert.Null(await WhyNotAsync(ada, new SettingsChange(Locked: true)));
        Assert.Empty(bob.Link.Unread());
        Assert.Equal([HostActionKind.RightsChanged, HostActionKind.Locked], await _server.ActionsAsync(_meeting.Id));
    }

    [Fact]
    public async Task Who_has_no_right_to_chat_or_rename_is_refused_and_hosts_are_not()
    {
        var (ada, bob) = await TwoAsync();
        await WhyNotAsync(ada, new SettingsChange(Rights.All with { Chat = false, Rename = false }));
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SendChatAsync(bob.Link, new SendChat("1", "x"))).Error?.Code);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.RenameAsync(bob.Link, new Rename(null, "Robert"))).Error?.Code);
        await ada.SayAsync("only I");
        Assert.Null((await _meeting.RenameAsync(ada.Link, new Rename(null, "Ada L."))).Error);
        await WhyNotAsync(ada, new SettingsChange(Rights.All));
        await bob.SayAsync("now I too");
        Assert.Null((await _meeting.RenameAsync(bob.Link, new Rename(null, "Robert"))).Error);
    }

    [Theory]
    [InlineData(MediaSource.Microphone)]
    [InlineData(MediaSource.Camera)]
    [InlineData(MediaSource.Screen)]
    public async Task A_right_to_a_medium_that_is_taken_stops_it_and_keeps_it_off(MediaSource source)
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.SetMediaAsync(ada.Link, All);
        await _meeting.SetMediaAsync(bob.Link, All);
        await _meeting.OfferAsync(bob.Link, "v=0");
        bob.Link.Drain();
        var (without, left) = source switch
        {
            MediaSource.Microphone => (Rights.All with { Mic = false }, All with { Mic = false }),
            MediaSource.Camera => (Rights.All with { Camera = false }, All with { Cam = false }),
            _ => (Rights.All with { Screen = false }, All with { Screen = false, ScreenAudio = false }),
        };

        await WhyNotAsync(ada, new SettingsChange(without));

        await bob.Link.NextAsync<MeetingSettings>(MeetingEvents.SettingsChanged);
        Assert.Equal(new SwitchedOff(source, "Ada"), await bob.Link.NextAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        Assert.Equal(left, (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Media);
        Assert.Equal(left, _server.Media.Meetings[_meeting.Id].Media[bob.Id]);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(bob.Link, All)).Error?.Code);
        Assert.Equal(left, _server.Media.Meetings[_meeting.Id].Media[bob.Id]);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, left)).Error);

        // Hosts have all rights, and who comes now comes with it off.
        var eve = await Guest.JoinAsync(_meeting, "Eve", All);
        Assert.Equal([All, left, left], eve.Joined.Meeting.Participants.Select(p => p.Media));
        await WhyNotAsync(ada, new SettingsChange(Rights.All));
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, All)).Error);
    }

    [Fact]
    public async Task Another_right_that_is_taken_leaves_who_was_asked_to_speak_alone()
    {
        var (ada, bob) = await TwoAsync();
        await WhyNotAsync(ada, new SettingsChange(Rights.All with { Mic = false }));
        await _meeting.AskToUnmuteAsync(ada.Link, bob.Id);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, new MediaState(true, false))).Error);
        await WhyNotAsync(ada, new SettingsChange(Rights.All with { Mic = false, Camera = false }));
        Assert.True((await Guest.JoinAsync(_meeting, "Eve")).Joined.Meeting.Participants[1].Media.Mic);
    }

    [Fact]
    public async Task A_meeting_of_two_is_on_the_server_while_one_may_not_send_all()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret, peerToPeer: true);
        var bob = await Guest.JoinAsync(_meeting, "Bob", peerToPeer: true);
        var link = ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;
        await WhyNotAsync(ada, new SettingsChange(Rights.All with { Chat = false }));
        Assert.DoesNotContain(MeetingEvents.LinkEnded, ada.Link.Unread());
        await WhyNotAsync(ada, new SettingsChange(Rights.All with { Camera = false }));
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await bob.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal(ModeReason.Restricted, (await bob.Link.NextAsync<ModeState>(MeetingEvents.ModeChanged)).Reason);

        // Two hosts may send all, and a listener nothing.
        ada.Link.Drain();
        await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Host));
        Assert.NotEqual(ModeReason.Restricted, ((ModeState)(await ada.Link.UntilAsync(MeetingEvents.ModeChanged))!).Reason);
        await WhyNotAsync(ada, new SettingsChange(Rights.All));
        ada.Link.Drain();
        await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Listener));
        Assert.Equal(ModeReason.Restricted, ((ModeState)(await ada.Link.UntilAsync(MeetingEvents.ModeChanged))!).Reason);
    }

    [Fact]
    public async Task Two_who_talk_directly_go_back_to_the_server_when_one_becomes_a_listener()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret, peerToPeer: true);
        var bob = await Guest.JoinAsync(_meeting, "Bob", peerToPeer: true);
        var link = ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;
        bob.Link.Drain();
        foreach (var guest in new[] { ada, bob }) await _meeting.ReportLinkAsync(guest.Link, new LinkReport(link, LinkState.Ready));
        Assert.Equal(MeetingMode.PeerToPeer, ((ModeState)(await bob.Link.UntilAsync(MeetingEvents.ModeChanged))!).Mode);
        await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Listener));
        var mode = (ModeState)(await bob.Link.UntilAsync(MeetingEvents.ModeChanged))!;
        Assert.Equal((MeetingMode.Server, ModeReason.Restricted), (mode.Mode, mode.Reason));
    }

    [Fact]
    public async Task Settings_survive_a_restart()
    {
        var (ada, bob) = await TwoAsync();
        var rights = new Rights(Chat: true, Mic: false, Camera: true, Screen: false, Rename: true);
        await WhyNotAsync(ada, new SettingsChange(rights, Locked: true, Lobby: true, Passcode: "sesame"));
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        var back = await Guest.JoinAsync(_meeting, "Bob", token: bob.Joined.ResumeToken);
        Assert.Equal(new MeetingSettings(rights, true, true, true), back.Joined.Meeting.Settings);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(back.Link, All)).Error?.Code);
        Assert.True(_meeting.Summary is { Locked: true, Lobby: true, Passcode: true });
    }

    [Fact]
    public async Task A_disk_that_fails_refuses_a_change_and_leaves_all_as_it_was()
    {
        var (ada, bob) = await TwoAsync();
        _server.Records.Failing = true;
        Assert.Equal(ErrorCodes.ServerUnavailable, await WhyNotAsync(ada, new SettingsChange(Locked: true)));
        Assert.Equal(ErrorCodes.ServerUnavailable, (await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Host))).Error?.Code);
        _server.Records.Failing = false;
        Assert.False(_meeting.Summary.Locked);
        Assert.Equal(Role.Participant, (await Guest.JoinAsync(_meeting, "Eve")).Joined.Meeting.Participants[1].Role);
    }

    private async Task<(Guest Ada, Guest Bob)> TwoAsync()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        return (await Guest.JoinAsync(_meeting, "Ada", secret: _secret), await Guest.JoinAsync(_meeting, "Bob"));
    }

    private async Task<string?> WhyNotAsync(Guest by, SettingsChange change) =>
        (await _meeting.ChangeSettingsAsync(by.Link, change).Soon()).Error?.Code;
}
