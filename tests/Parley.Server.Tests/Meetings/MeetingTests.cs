using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class MeetingTests
{
    private static readonly TimeSpan AlmostGrace = TimeSpan.FromSeconds(29.9);
    private static readonly TimeSpan RestOfGrace = TimeSpan.FromSeconds(0.2);

    private readonly MeetingFixture _server = new();

    [Fact]
    public async Task Tells_those_inside_who_joins_and_gives_who_joins_a_full_snapshot()
    {
        var (meeting, secret) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada", MeetingFixture.On, secret: secret);
        await ada.SayAsync("hello");
        var bob = await Guest.JoinAsync(meeting, "  Bob\u202E \t Builder ");

        await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        var seen = await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);
        Assert.Equal(new Participant(bob.Id, "Bob Builder", Role.Participant, MeetingFixture.Off, Presence.Connected, seen.JoinedAt), seen);
        Assert.Equal(["Ada", "Bob Builder"], bob.Joined.Meeting.Participants.Select(p => p.Name));
        Assert.Equal(Role.Host, bob.Joined.Meeting.Participants[0].Role);
        Assert.Equal(MeetingFixture.On, bob.Joined.Meeting.Participants[0].Media);
        Assert.Equal("hello", Assert.Single(bob.Joined.Meeting.Chat).Text);
        Assert.Equal(Role.Host, ada.Self.Role);
        Assert.False(ada.Joined.Resumed);
        Assert.Equal(50, ada.Joined.Limits.ParticipantsPerMeeting);
        Assert.Equal(2, meeting.Summary.Participants);
        Assert.Empty(bob.Link.Unread());
    }

    [Fact]
    public async Task Keeps_a_lost_place_for_the_grace_and_no_longer()
    {
        var (meeting, _) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var bob = await Guest.JoinAsync(meeting, "Bob");
        await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);

        meeting.Disconnected(bob.Link);
        Assert.Equal(Presence.Reconnecting, (await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);
        _server.Time.Advance(AlmostGrace);
        await ada.SayAsync("still waiting");
        await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        Assert.Equal(2, meeting.Summary.Participants);

        _server.Time.Advance(RestOfGrace);
        var left = await ada.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft);
        Assert.Equal(new ParticipantLeft(bob.Id, LeaveReason.ConnectionLost), left);
        Assert.Equal(LeaveReason.ConnectionLost, (await RecordAsync(meeting)).Attendance[1].LeaveReason);
        var late = await Guest.JoinAsync(meeting, "Bob", token: bob.Joined.ResumeToken);
        Assert.False(late.Joined.Resumed);
        Assert.NotEqual(bob.Id, late.Id);
    }

    [Fact]
    public async Task Gives_a_resumed_place_back_as_it_was()
    {
        var (meeting, secret) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var bob = await Guest.JoinAsync(meeting, "Bob", MeetingFixture.On, secret: secret);
        Assert.Null((await meeting.SetMediaAsync(bob.Link, new MediaState(false, true))).Error);
        meeting.Disconnected(bob.Link);
        await ada.SayAsync("bob is lost");
        _server.Time.Advance(AlmostGrace);

        var back = await Guest.JoinAsync(meeting, "Somebody else", MeetingFixture.On, bob.Joined.ResumeToken);

        Assert.True(back.Joined.Resumed);
        Assert.Equal(bob.Id, back.Id);
        Assert.Equal(bob.Joined.ResumeToken, back.Joined.ResumeToken);
        Assert.Equal(Role.Host, back.Self.Role);
        var me = back.Joined.Meeting.Participants[1];
        Assert.Equal(("Bob", new MediaState(false, true), Presence.Connected), (me.Name, me.Media, me.Presence));
        await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);
        Assert.False((await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Media.Mic);
        Assert.Equal(Presence.Reconnecting, (await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);
        await ada.Link.NextAsync<ChatMessage>(MeetingEvents.ChatAdded);
        Assert.Equal(Presence.Connected, (await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);

        // The timer of the first loss is dead.
        _server.Time.Advance(TimeSpan.FromMinutes(5));
        await back.SayAsync("still here");
        Assert.Equal(2, meeting.Summary.Participants);
    }

    [Fact]
    public async Task Resuming_from_elsewhere_puts_the_old_connection_out()
    {
        var (meeting, _) = await CreateAsync();
        var old = await Guest.JoinAsync(meeting, "Ada");
        var fresh = await Guest.JoinAsync(meeting, "Ada", token: old.Joined.ResumeToken);

        await old.Link.NextAsync(MeetingEvents.Superseded);
        await old.Link.WhenClosed;
        Assert.Equal(ErrorCodes.NotJoined, (await meeting.SendChatAsync(old.Link, new SendChat("1", "x"))).Error?.Code);
        // The late news that the old connection is gone does not concern the new one.
        meeting.Disconnected(old.Link);
        await fresh.SayAsync("it is me");
        Assert.Equal(Presence.Connected, (await Guest.JoinAsync(meeting, "Bob")).Joined.Meeting.Participants[0].Presence);
    }

    [Fact]
    public async Task A_connection_that_died_while_its_join_waited_is_lost_at_once()
    {
        var (meeting, _) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        await meeting.JoinAsync(new JoinRequest(meeting.Id, "Bob", null, null, null), new RecordingLink { IsClosed = true }).Soon();
        await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);
        Assert.Equal(Presence.Reconnecting, (await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Presence);
        _server.Time.Advance(AlmostGrace + RestOfGrace);
        await ada.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft);
    }

    [Fact]
    public async Task Ends_when_the_last_has_left()
    {
        var (meeting, _) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var bob = await Guest.JoinAsync(meeting, "Bob");
        Assert.True((await meeting.LeaveAsync(ada.Link)).Value);
        Assert.Equal(LeaveReason.Left, (await bob.Link.NextAsync<ParticipantLeft>(MeetingEvents.ParticipantLeft)).Reason);
        Assert.Null(meeting.Ended);

        // The last one lost keeps it open until the grace is over.
        meeting.Disconnected(bob.Link);
        Assert.Equal(ErrorCodes.NotJoined, (await meeting.LeaveAsync(bob.Link)).Error?.Code);
        _server.Time.Advance(AlmostGrace);
        Assert.Equal(ErrorCodes.NotJoined, (await meeting.LeaveAsync(bob.Link)).Error?.Code);
        Assert.Single(_server.Directory.List());
        _server.Time.Advance(RestOfGrace);
        await meeting.Stopped.Soon();

        Assert.Equal(EndReason.LastLeft, meeting.Ended?.Reason);
        Assert.Empty(_server.Directory.List());
        Assert.Equal(ErrorCodes.MeetingEnded, await _server.WhyNotFoundAsync(meeting.Id));
        var record = await RecordAsync(meeting);
        Assert.Equal(EndReason.LastLeft, record.EndReason);
        Assert.Equal([LeaveReason.Left, LeaveReason.ConnectionLost], record.Attendance.Select(stay => stay.LeaveReason!.Value));
    }

    [Fact]
    public async Task An_unused_meeting_ends_after_its_time_and_a_used_one_does_not()
    {
        var (unused, _) = await CreateAsync();
        var (used, _) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(used, "Ada");
        _server.Time.Advance(TimeSpan.FromMinutes(10));
        await unused.Stopped.Soon();
        Assert.Equal(EndReason.Unused, unused.Ended?.Reason);
        await ada.SayAsync("here");
        Assert.Null(used.Ended);
    }

    [Fact]
    public async Task The_creator_cancels_and_everyone_is_told_and_out()
    {
        var (meeting, secret) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada", secret: secret);
        var bob = await Guest.JoinAsync(meeting, "Bob");
        await meeting.OfferAsync(bob.Link, "offer");
        Assert.Equal(ErrorCodes.SecretWrong, (await meeting.CancelAsync("guess", bob.Link)).Error?.Code);
        Assert.Equal(ErrorCodes.SecretWrong, (await meeting.CancelAsync(new Asker(null))).Error?.Code);
        Assert.Equal(ErrorCodes.SecretWrong, (await meeting.CancelAsync(new Asker(new string('x', 100_000)))).Error?.Code);
        Assert.Null(meeting.Ended);

        Assert.True((await meeting.CancelAsync(secret, ada.Link)).Value);

        var told = await bob.Link.NextAsync<MeetingEnded>(MeetingEvents.MeetingEnded);
        Assert.Equal((EndReason.Cancelled, "Ada"), (told.Reason, told.By));
        Assert.Contains("Ada", told.Message, StringComparison.Ordinal);
        await bob.Link.WhenClosed;
        await ada.Link.WhenClosed;
        Assert.True(_server.Media.Meetings[meeting.Id].Closed);
        var refused = await meeting.JoinAsync(new JoinRequest(meeting.Id, "Eve", null, null, null), new RecordingLink());
        Assert.Equal(new ProtocolError(ErrorCodes.MeetingEnded, told.Message), refused.Error);
        var record = await RecordAsync(meeting);
        Assert.Equal((EndReason.Cancelled, "Ada"), (record.EndReason, record.EndedBy));
        Assert.All(record.Attendance, stay => Assert.Equal(LeaveReason.Cancelled, stay.LeaveReason));
    }

    [Fact]
    public async Task Holds_so_many_and_no_more_until_one_leaves()
    {
        _server.Options.Limits.ParticipantsPerMeeting = 2;
        var (meeting, _) = await CreateAsync();
        var ada = await Guest.JoinAsync(meeting, "Ada");
        var bob = await Guest.JoinAsync(meeting, "Bob");
        meeting.Disconnected(bob.Link);
        Assert.Equal(ErrorCodes.MeetingFull, await WhyNotJoinedAsync(meeting, "Eve"));
        // A place in its grace is its owner's even in a full meeting.
        Assert.True((await Guest.JoinAsync(meeting, "Bob", token: bob.Joined.ResumeToken)).Joined.Resumed);
        await meeting.LeaveAsync(ada.Link);
        await Guest.JoinAsync(meeting, "Eve");
    }

    [Fact]
    public async Task Refuses_names_that_cannot_be_shown_and_wrong_secrets()
    {
        var (meeting, secret) = await CreateAsync();
        foreach (var name in new[] { null, "", " \t ", "\u200B\u200D", "\u0000", new string('x', 61), new string('x', 10_000) })
            Assert.Equal(ErrorCodes.NameInvalid, await WhyNotJoinedAsync(meeting, name));
        Assert.Equal(ErrorCodes.SecretWrong, await WhyNotJoinedAsync(meeting, "Eve", secret + "x"));
        Assert.Equal(0, meeting.Summary.Participants);
        var markup = await Guest.JoinAsync(meeting, "<script>alert(1)</script>");
        Assert.Equal("<script>alert(1)</script>", markup.Joined.Meeting.Participants[0].Name);
    }

    private async Task<(Meeting Meeting, string Secret)> CreateAsync()
    {
        await _server.StartAsync();
        return await _server.CreateAsync();
    }

    private async Task<MeetingRecord> RecordAsync(Meeting meeting) =>
        (await _server.Records.ReadAsync(meeting.Id, TestContext.Current.CancellationToken))!;

    private static async Task<string?> WhyNotJoinedAsync(Meeting meeting, string? name, string? secret = null) =>
        (await meeting.JoinAsync(new JoinRequest(meeting.Id, name, null, secret, null), new RecordingLink()).Soon()).Error?.Code;
}
