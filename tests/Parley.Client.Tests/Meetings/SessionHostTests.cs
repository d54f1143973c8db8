using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>Hosts and guests in the real server, over real connections.</summary>
public sealed class SessionHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_lets_in_runs_the_meeting_and_removes()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = server.Connect();
        var meeting = await client.CreateMeetingAsync(new CreateMeeting("Weekly", "Ada", "sesame", Lobby: true), Cancellation);
        await using var ada = await client.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = meeting.CreatorSecret }, Cancellation);
        var heard = new EventReader(ada);
        var refused = await Assert.ThrowsAsync<ParleyException>(() => client.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation));
        Assert.Equal(ErrorCodes.PasscodeNeeded, refused.Code);
        var joining = client.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob", Passcode = "sesame", Mic = true, Camera = true }, Cancellation);
        var waiting = Assert.Single((await heard.UntilAsync<WaitingChanged>()).Waiting);
        Assert.Equal("Bob", waiting.Name);
        Assert.Equal([waiting], ada.Waiting);
        await ada.AnswerKnockAsync(true, waiting.Id, Cancellation).Soon();
        await using var bob = await joining.Soon();
        var told = new EventReader(bob);
        Assert.Equal((Role.Host, Role.Participant), (ada.Role, bob.Role));
        Assert.True(bob.Settings is { Lobby: true, Passcode: true });

        await ada.SwitchOffAsync(MediaSource.Microphone, bob.ParticipantId, Cancellation).Soon();
        Assert.Equal(new SourceSwitchedOff(MediaSource.Microphone, "Ada"), await told.UntilAsync<SourceSwitchedOff>());
        Assert.Equal(new MediaState(false, true), (await told.UntilAsync<ParticipantChanged>()).Participant.Media);
        Assert.Equal(new MediaState(false, true), bob.Media);
        await ada.AskToUnmuteAsync(bob.ParticipantId, Cancellation).Soon();
        Assert.Equal("Ada", (await told.UntilAsync<UnmuteAsked>()).By);
        await bob.SetMediaAsync(true, false, Cancellation).Soon();
        await ada.ChangeSettingsAsync(new SettingsChange(Rights.All with { Chat = false }), Cancellation).Soon();
        Assert.False((await told.UntilAsync<SettingsChanged>()).Settings.Rights.Chat);
        await AssertRefusedAsync(ErrorCodes.NotAllowed, () => bob.SendChatAsync("hello", Cancellation));
        await bob.SetHandAsync(true, Cancellation).Soon();
        await heard.UntilAsync<ParticipantChanged>(changed => changed.Participant.HandRaisedAt is not null);
        await ada.LowerHandsAsync(cancellation: Cancellation).Soon();
        await bob.RenameAsync("Robert", cancellation: Cancellation).Soon();
        await ada.SetRoleAsync(bob.ParticipantId, Role.Listener, Cancellation).Soon();
        await heard.UntilAsync<ParticipantChanged>(changed => changed.Participant is { Name: "Robert", Role: Role.Listener });
        await told.UntilAsync<ParticipantChanged>(changed => changed.Participant.Role == Role.Listener);
        Assert.Equal(("Robert", Role.Listener), (ada.Participants[1].Name, bob.Role));
        await AssertRefusedAsync(ErrorCodes.NotAllowed, () => bob.SetMediaAsync(true, true, Cancellation));
        await AssertRefusedAsync(ErrorCodes.NotAllowed, () => bob.RemoveAsync(ada.ParticipantId, true, Cancellation));
        await AssertRefusedAsync(ErrorCodes.NotAllowed, () => bob.CancelAsync(cancellation: Cancellation));
        await ada.RemoveAsync(bob.ParticipantId, mayReturn: false, Cancellation).Soon();
        await told.UntilAsync<SessionEnded>();
        Assert.Equal((SessionEndReason.Removed, "Ada has removed you from this meeting."), (bob.EndReason, bob.EndMessage));

        var record = await client.GetRecordAsync(meeting.Id, meeting.CreatorSecret, Cancellation);
        Assert.Equal(HostActionKind.Admitted, record.Actions![0].Action);
        Assert.Equal(HostActionKind.Barred, record.Actions[^1].Action);
        await AssertRefusedAsync(ErrorCodes.SecretWrong, () => client.GetRecordAsync(meeting.Id, Cancellation));
    }

    [Fact]
    public async Task Who_is_switched_off_while_away_comes_back_so_and_who_was_removed_not_at_all()
    {
        await using var server = await LiveServer.StartAsync();
        await using var line = new Line(server.Address);
        using var near = server.Connect();
        using var far = server.Connect(line);
        var meeting = await near.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await near.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = meeting.CreatorSecret }, Cancellation);
        await using var bob = await far.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob", Mic = true }, Cancellation);
        var (heard, told) = (new EventReader(ada), new EventReader(bob));
        line.Cut();
        await told.UntilAsync<Reconnecting>();
        await ada.SwitchOffAsync(MediaSource.Microphone, cancellation: Cancellation).Soon();
        line.Mend();
        await told.UntilAsync<Reconnected>();
        Assert.False(bob.Media.Mic);

        line.Cut();
        await told.UntilAsync<Reconnecting>();
        await ada.RemoveAsync(bob.ParticipantId, mayReturn: true, Cancellation).Soon();
        line.Mend();
        await told.UntilAsync<SessionEnded>();
        Assert.Equal(SessionEndReason.Removed, bob.EndReason);
        Assert.Equal(LeaveReason.Removed, (await heard.UntilAsync<ParticipantGone>()).Reason);
    }

    private static async Task AssertRefusedAsync(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ParleyException>(() => call().Soon())).Code);
}
