using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class FailureTests
{
    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task What_cannot_be_kept_is_refused_and_the_meeting_lives_on()
    {
        await _server.StartAsync();
        var (meeting, secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");

        _server.Records.Failing = true;
        Assert.Equal(ErrorCodes.ServerUnavailable, (await meeting.SendChatAsync(ada.Link, new SendChat("1", "x"))).Error?.Code);
        Assert.Equal(ErrorCodes.ServerUnavailable, (await meeting.SetMediaAsync(ada.Link, MeetingFixture.On)).Error?.Code);
        Assert.Equal(ErrorCodes.ServerUnavailable, (await meeting.CancelAsync(secret, ada.Link)).Error?.Code);
        var bob = await meeting.JoinAsync(new JoinRequest(meeting.Id, "Bob", null, null, null), new RecordingLink());
        Assert.Equal(ErrorCodes.ServerUnavailable, bob.Error?.Code);
        var other = await _server.Directory.CreateAsync(new CreateMeeting("Other", "Eve"), TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCodes.ServerUnavailable, other.Error?.Code);

        _server.Records.Failing = false;
        await ada.SayAsync("x", "1");
        var late = await Guest.JoinAsync(meeting, "Late");
        Assert.Equal(["Ada", "Late"], late.Joined.Meeting.Participants.Select(participant => participant.Name));
        Assert.Equal(MeetingFixture.Off, late.Joined.Meeting.Participants[0].Media);
        Assert.Single(late.Joined.Meeting.Chat);
        Assert.Equal([MeetingEvents.ChatAdded, MeetingEvents.ParticipantJoined], ada.Link.Unread());
    }

    [Fact]
    public async Task Nobody_is_held_in_a_meeting_by_a_full_disk()
    {
        await _server.StartAsync();
        var (meeting, _) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var bob = await Guest.JoinAsync(meeting, "Bob");
        _server.Records.Failing = true;
        Assert.Equal(ErrorCodes.ServerUnavailable, (await meeting.LeaveAsync(ada.Link)).Error?.Code);
        Assert.Equal(ada.Id, (await bob.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft)).ParticipantId);
        await meeting.LeaveAsync(bob.Link);
        Assert.Equal(EndReason.LastLeft, meeting.Ended?.Reason);

        // The disk knows neither leave nor end; the next start sets that right.
        _server.Records.Failing = false;
        await _server.StartAsync();
        var reopened = await _server.FindAsync(meeting.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await reopened.Stopped.Soon();
        Assert.Equal(EndReason.LastLeft, (await _server.Records.ReadAsync(meeting.Id, TestContext.Current.CancellationToken))?.EndReason);
    }

    [Fact]
    public async Task A_write_that_hangs_stops_its_own_meeting_only_and_nothing_is_acknowledged_before_it()
    {
        await _server.StartAsync();
        var (slow, _) = await _server.CreateAsync("Slow");
        var (quick, _) = await _server.CreateAsync("Quick");
        var ada = await Guest.JoinAsync(slow, "Ada");
        var bob = await Guest.JoinAsync(quick, "Bob");
        var disk = new TaskCompletionSource();
        _server.Records.Hold = id => id == slow.Id ? disk.Task : null;

        var first = slow.SendChatAsync(ada.Link, new SendChat("1", "first"));
        var second = slow.SendChatAsync(ada.Link, new SendChat("2", "second"));
        await bob.SayAsync("not stalled");
        Assert.False(first.IsCompleted);
        Assert.Empty(ada.Link.Unread());

        disk.SetResult();
        Assert.Equal("first", (await first.Soon()).Value?.Text);
        Assert.Equal("second", (await second.Soon()).Value?.Text);
        Assert.Equal("first", (await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded)).Text);
        Assert.Equal("second", (await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded)).Text);
    }

    [Fact]
    public async Task What_happens_in_one_meeting_does_not_reach_another()
    {
        await _server.StartAsync();
        var (one, secret) = await _server.CreateAsync("One");
        var (two, _) = await _server.CreateAsync("Two");
        var ada = await Guest.JoinAsync(one, "Ada");
        var bob = await Guest.JoinAsync(two, "Bob");

        await ada.SayAsync("for One only");
        await one.OfferAsync(ada.Link, "offer");
        await two.OfferAsync(bob.Link, "offer");
        _server.Media.Meetings[one.Id].Events.OnSpeakers([ada.Id], ada.Id);
        await Guest.JoinAsync(one, "Carol");
        Assert.Equal(ErrorCodes.NotJoined, (await two.SendChatAsync(ada.Link, new SendChat("1", "x"))).Error?.Code);
        Assert.Equal(ErrorCodes.SecretWrong, (await two.CancelAsync(new Asker(secret))).Error?.Code);
        var stranger = await Guest.JoinAsync(two, "Ada", token: ada.Joined.ResumeToken);
        Assert.False(stranger.Joined.Resumed);
        Assert.Empty(stranger.Joined.Meeting.Chat);
        await one.CancelAsync(new Asker(secret));

        await bob.SayAsync("all is well");
        Assert.Equal([MeetingEvents.ParticipantJoined, MeetingEvents.ChatAdded], bob.Link.Unread());
        Assert.False(_server.Media.Meetings[two.Id].Closed);
    }
}
