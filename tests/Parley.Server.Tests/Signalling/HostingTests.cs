using Parley.Protocol;

namespace Parley.Server.Tests.Signalling;

/// <summary>Hosts and guests as their clients are told over the wire (protocol.md §7).</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task A_guest_in_the_lobby_receives_nothing_until_let_in_and_then_all()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", Lobby: true));
        await using var ada = await TestClient.ConnectAsync(server);
        await using var eve = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        var knock = await eve.JoinAsync(meeting.Id, "Eve");
        Assert.Equal((null, ErrorCodes.Waiting), (knock.Value, knock.Error?.Code));
        var waiting = Assert.Single((await ada.UntilAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting);
        await ada.SayAsync("between us");
        Assert.Equal(ErrorCodes.NotJoined, (await eve.CallAsync<SessionDescriptionMessage>("offer", new SessionDescriptionMessage("v=0"))).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await eve.SayAsync("let me in")).Error?.Code);
        Assert.Empty(eve.Unread());

        // Knocking again over the same connection is one knock still.
        Assert.Equal(ErrorCodes.Waiting, (await eve.JoinAsync(meeting.Id, "Eve")).Error?.Code);
        while ((await ada.UntilAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting is var now && (now.Count != 1 || now[0].Id == waiting.Id))
        {
        }

        Assert.True((await ada.CallAsync<bool>("answerKnock", new KnockAnswer(null, true))).Value);
        var token = (await eve.UntilAsync<Admitted>(MeetingEvents.Admitted)).ResumeToken;
        var joined = (await eve.JoinAsync(meeting.Id, "Eve", token)).Value!;
        Assert.Equal(["Ada", "Eve"], joined.Meeting.Participants.Select(participant => participant.Name));
        Assert.Equal("between us", Assert.Single(joined.Meeting.Chat).Text);
        await ada.SayAsync("welcome");
        Assert.Equal("welcome", (await eve.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded)).Text);
        Assert.Equal(ErrorCodes.AlreadyJoined, (await eve.JoinAsync(meeting.Id, "Eve")).Error?.Code);
    }

    [Fact]
    public async Task Who_stops_waiting_may_go_elsewhere_and_who_is_turned_away_is_disconnected()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", Lobby: true));
        await using var ada = await TestClient.ConnectAsync(server);
        await using var eve = await TestClient.ConnectAsync(server);
        await using var dan = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        await eve.JoinAsync(meeting.Id, "Eve");
        Assert.True((await eve.CallAsync<bool>("leave")).Value);
        Assert.Equal(ErrorCodes.NotJoined, (await eve.CallAsync<bool>("leave")).Error?.Code);
        Assert.Null((await eve.JoinAsync((await server.CreateAsync()).Id, "Eve")).Error);
        await dan.JoinAsync(meeting.Id, "Dan");
        Assert.True((await ada.CallAsync<bool>("answerKnock", new KnockAnswer(null, false))).Value);
        await dan.UntilAsync<TurnedAway>(MeetingEvents.TurnedAway);
        await dan.WhenClosed;
    }

    [Fact]
    public async Task A_lost_connection_ends_the_knock()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", Lobby: true));
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        var eve = await TestClient.ConnectAsync(server);
        await eve.JoinAsync(meeting.Id, "Eve");
        Assert.Single((await ada.UntilAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting);
        await eve.DisposeAsync();
        Assert.Empty((await ada.UntilAsync<LobbyChanged>(MeetingEvents.LobbyChanged)).Waiting);
    }

    [Fact]
    public async Task Hosts_run_a_meeting_and_participants_do_not()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", Passcode: "sesame"));
        await using var ada = await TestClient.ConnectAsync(server);
        await using var bob = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        Assert.Equal(ErrorCodes.PasscodeNeeded, (await bob.JoinAsync(meeting.Id, "Bob")).Error?.Code);
        var joined = (await bob.JoinAsync(meeting.Id, "Bob", passcode: "sesame")).Value!;
        var id = joined.ParticipantId;
        (string Method, object? Argument)[] hosts =
        [
            ("changeSettings", new SettingsChange(Rights.All with { Screen = false })), ("setRole", new SetRole(id, Role.Participant)),
            ("switchOff", new SwitchOff(null, MediaSource.Microphone)), ("askToUnmute", id), ("lowerHands", null),
            ("answerKnock", new KnockAnswer(null, true)), ("setMode", ModePin.Server), ("rename", new Rename(id, "Robert")),
        ];
        foreach (var (method, argument) in hosts)
        {
            if (method != "rename") Assert.Equal((method, ErrorCodes.NotAllowed), (method, (await bob.CallAsync<bool>(method, argument)).Error?.Code));
            Assert.Equal((method, null), (method, (await ada.CallAsync<bool>(method, argument)).Error?.Code));
        }

        Assert.False((await bob.UntilAsync<MeetingSettings>(MeetingEvents.SettingsChanged)).Rights.Screen);
        Assert.Equal("Ada", (await bob.UntilAsync<AskedToUnmute>(MeetingEvents.AskedToUnmute)).By);
        Assert.True((await bob.CallAsync<bool>("setMedia", new MediaState(true, false))).Value);
        Assert.Equal(ErrorCodes.NotAllowed, (await bob.CallAsync<bool>("setMedia", new MediaState(true, false, true))).Error?.Code);
        Assert.True((await ada.CallAsync<bool>("switchOff", new SwitchOff(id, MediaSource.Microphone))).Value);
        Assert.Equal(new SwitchedOff(MediaSource.Microphone, "Ada"), await bob.UntilAsync<SwitchedOff>(MeetingEvents.SwitchedOff));
        Assert.True((await bob.CallAsync<bool>("setHand", true)).Value);
        while ((await bob.UntilAsync<Participant>(MeetingEvents.ParticipantChanged)).HandRaisedAt is null)
        {
        }

        Assert.Equal(ErrorCodes.NotAllowed, (await bob.CallAsync<bool>("cancel", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.NotAllowed, (await bob.CallAsync<bool>("remove", new RemoveParticipant(id, true))).Error?.Code);
        Assert.True((await ada.CallAsync<bool>("remove", new RemoveParticipant(id, false))).Value);
        Assert.False((await bob.UntilAsync<Removed>(MeetingEvents.Removed)).MayReturn);
        await bob.WhenClosed;
        await using var again = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.Barred, (await again.JoinAsync(meeting.Id, "Bob", joined.ResumeToken, passcode: "sesame")).Error?.Code);
        Assert.True((await ada.CallAsync<bool>("cancel", [null])).Value);
    }

    [Fact]
    public async Task Calls_without_their_arguments_before_a_join_or_too_often_are_refused()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Hosting:Burst=3", "Parley:Rates:Hosting:PerMinute=1");
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        string[] methods = ["changeSettings", "setRole", "switchOff", "askToUnmute", "remove", "answerKnock", "rename"];
        foreach (var method in methods) Assert.Equal(ErrorCodes.NotJoined, (await ada.CallAsync<bool>(method, [null])).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await ada.CallAsync<bool>("setHand", true)).Error?.Code);
        Assert.Equal(ErrorCodes.NotJoined, (await ada.CallAsync<bool>("lowerHands", [null])).Error?.Code);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        foreach (var method in methods) Assert.Equal(ErrorCodes.RequestInvalid, (await ada.CallAsync<bool>(method, [null])).Error?.Code);
        for (var i = 0; i < 3; i++) Assert.True((await ada.CallAsync<bool>("setHand", i % 2 == 0)).Value);
        Assert.Equal(ErrorCodes.RateLimited, (await ada.CallAsync<bool>("setHand", true)).Error?.Code);
        Assert.Equal(ErrorCodes.RateLimited, (await ada.CallAsync<bool>("lowerHands", [null])).Error?.Code);
        Assert.Equal(ErrorCodes.RateLimited, (await ada.CallAsync<bool>("changeSettings", new SettingsChange(Locked: true))).Error?.Code);
    }

    [Fact]
    public async Task Guesses_at_a_passcode_are_joins_and_limited_as_they_are()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Joins:Burst=4", "Parley:Rates:Joins:PerMinute=1");
        var meeting = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", Passcode: "3071"));
        await using var eve = await TestClient.ConnectAsync(server);
        for (var i = 0; i < 4; i++) Assert.Equal(ErrorCodes.PasscodeWrong, (await eve.JoinAsync(meeting.Id, "Eve", passcode: $"{i}000")).Error?.Code);
        Assert.Equal(ErrorCodes.RateLimited, (await eve.JoinAsync(meeting.Id, "Eve", passcode: "3071")).Error?.Code);
    }
}
