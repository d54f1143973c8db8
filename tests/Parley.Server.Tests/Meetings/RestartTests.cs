using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class RestartTests
{
    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task An_open_meeting_is_open_again_and_its_people_have_their_places()
    {
        await _server.StartAsync();
        var (meeting, secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada", MeetingFixture.On, secret: secret);
        var bob = await Guest.JoinAsync(meeting, "Bob");
        var left = await Guest.JoinAsync(meeting, "Left");
        await meeting.LeaveAsync(left.Link);
        await ada.SayAsync("before");

        await _server.StartAsync();
        var again = await _server.FindAsync(meeting.Id);
        var back = await Guest.JoinAsync(again, "Ada", token: ada.Joined.ResumeToken);

        Assert.True(back.Joined.Resumed);
        Assert.Equal(ada.Id, back.Id);
        Assert.Equal(
            [new Participant(ada.Id, "Ada", Role.Host, MeetingFixture.On, Presence.Connected, _server.Time.GetUtcNow()),
             new Participant(bob.Id, "Bob", Role.Participant, MeetingFixture.Off, Presence.Reconnecting, _server.Time.GetUtcNow())],
            back.Joined.Meeting.Participants);
        Assert.Equal("before", Assert.Single(back.Joined.Meeting.Chat).Text);
        Assert.False((await Guest.JoinAsync(again, "Left", token: left.Joined.ResumeToken)).Joined.Resumed);

        // Who does not come back in time has left, and the creator's secret is still theirs.
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        var gone = (ParticipantLeft)(await back.Link.UntilAsync(MeetingEvents.ParticipantLeft))!;
        Assert.Equal(new ParticipantLeft(bob.Id, LeaveReason.ConnectionLost), gone);
        Assert.True((await again.CancelAsync(secret, back.Link)).Value);
    }

    [Fact]
    public async Task A_meeting_to_which_nobody_comes_back_ends()
    {
        await _server.StartAsync();
        var (meeting, _) = await _server.CreateAsync();
        await Guest.JoinAsync(meeting, "Ada");
        await _server.StartAsync();
        var again = await _server.FindAsync(meeting.Id);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await again.Stopped.Soon();
        Assert.Equal(EndReason.LastLeft, again.Ended?.Reason);
    }

    [Fact]
    public async Task An_unused_meeting_keeps_the_rest_of_its_time()
    {
        await _server.StartAsync();
        var (young, _) = await _server.CreateAsync();
        _server.Time.Advance(TimeSpan.FromMinutes(4));
        await _server.StartAsync();
        var again = await _server.FindAsync(young.Id);
        _server.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ErrorCodes.SecretWrong, (await again.CancelAsync(new Asker("x"))).Error?.Code);
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await again.Stopped.Soon();
        Assert.Equal(EndReason.Unused, again.Ended?.Reason);
    }

    [Fact]
    public async Task A_meeting_whose_last_had_left_before_its_end_was_written_ends_at_once()
    {
        await _server.StartAsync();
        var (meeting, _) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        await _server.Records.ParticipantLeftAsync(meeting.Id, ada.Id, LeaveReason.Left, _server.Time.GetUtcNow());
        await _server.StartAsync();
        // It may be over before we look: then it is in neither list.
        if ((await _server.Directory.FindAsync(meeting.Id, TestContext.Current.CancellationToken)).Value is { } again) await again.Stopped.Soon();
        Assert.Equal(ErrorCodes.MeetingEnded, await _server.WhyNotFoundAsync(meeting.Id));
        Assert.Empty(_server.Directory.List());
    }

    [Fact]
    public async Task A_graceful_stop_ends_nothing()
    {
        await _server.StartAsync();
        var (meeting, _) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var message = ada.SayAsync("under way when the stop came");
        _server.Directory.BeginStop();
        meeting.Disconnected(ada.Link);
        await _server.Directory.StopAsync().Soon();

        await message;
        Assert.False(_server.Directory.IsReady);
        _server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ErrorCodes.ServerUnavailable, (await meeting.SendChatAsync(ada.Link, new SendChat("2", "x"))).Error?.Code);
        var refused = await _server.Directory.CreateAsync(new CreateMeeting("x", "x"), TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCodes.ServerUnavailable, refused.Error?.Code);
        Assert.Null(meeting.Ended);
        Assert.Equal([MeetingEvents.ChatAdded], ada.Link.Unread());

        await _server.StartAsync();
        Assert.True((await Guest.JoinAsync(await _server.FindAsync(meeting.Id), "Ada", token: ada.Joined.ResumeToken)).Joined.Resumed);
    }
}
