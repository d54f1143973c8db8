using Microsoft.Extensions.Logging.Abstractions;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;
using SpeakersChanged = Parley.Client.Meetings.SpeakersChanged;

namespace Parley.Client.Tests.Meetings;

/// <summary>Sessions in the real server, over real connections.</summary>
public sealed class MeetingSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_meet_write_switch_their_microphones_and_leave()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = meeting.CreatorSecret }, Cancellation);
        var heard = new EventReader(ada);
        Assert.Equal(Role.Host, ada.Role);
        Assert.Equal(("Weekly", meeting.Id, SessionState.Joined), (ada.Title, ada.Id, ada.State));
        Assert.Equal("Ada", ada.Meeting.CreatedBy);
        Assert.Equal(8, ada.Limits.Slots);
        Assert.Null(ada.MediaConnection);

        var bob = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "  Bob ", Mic = true }, Cancellation);
        Assert.Equal(Role.Participant, bob.Role);
        Assert.True(bob.Media.Mic);
        Assert.Equal(["Ada", "Bob"], bob.Participants.Select(participant => participant.Name));
        Assert.Equal(bob.ParticipantId, (await heard.UntilAsync<ParticipantJoined>()).Participant.Id);
        Assert.Equal(bob.Participants, ada.Participants);

        var said = await bob.SendChatAsync("hello\r\n  there ", Cancellation).Soon();
        Assert.Equal("hello\n  there", said.Text);
        Assert.Equal(said, (await heard.UntilAsync<ChatAdded>()).Message);
        Assert.Equal([said], ada.Chat);
        await bob.SetMediaAsync(false, true, Cancellation).Soon();
        Assert.Equal(new MediaState(false, true), bob.Media);
        Assert.True((await heard.UntilAsync<ParticipantChanged>()).Participant.Media.Cam);

        await bob.LeaveAsync(Cancellation).Soon();
        Assert.Equal((SessionState.Ended, SessionEndReason.Left), (bob.State, bob.EndReason));
        Assert.Equal(LeaveReason.Left, (await heard.UntilAsync<ParticipantGone>()).Reason);
        Assert.Equal(["Ada"], ada.Participants.Select(participant => participant.Name));
        await AssertRefusedAsync(ErrorCodes.NotJoined, () => bob.SendChatAsync("late", Cancellation));
        await bob.LeaveAsync(Cancellation).Soon();
        await bob.DisposeAsync();
    }

    [Fact]
    public async Task The_creator_ends_the_meeting_for_everyone()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = meeting.CreatorSecret }, Cancellation);
        await using var bob = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation);
        var heard = new EventReader(bob);
        await AssertRefusedAsync(ErrorCodes.NotAllowed, () => bob.CancelAsync(cancellation: Cancellation));
        await AssertRefusedAsync(ErrorCodes.SecretWrong, () => bob.CancelAsync("wrong", Cancellation));
        await ada.CancelAsync(cancellation: Cancellation).Soon();
        var end = Assert.IsType<SessionEnded>((await heard.RestAsync())[^1]);
        Assert.Equal(new SessionEnded(SessionEndReason.MeetingEnded, "This meeting was ended for everyone by Ada."), end);
        Assert.Equal(end.Message, bob.EndMessage);
        await new EventReader(ada).UntilAsync<SessionEnded>();
        Assert.Equal(SessionEndReason.MeetingEnded, ada.EndReason);
        await AssertRefusedAsync(ErrorCodes.MeetingEnded, () => bob.SendChatAsync("late", Cancellation));
        await AssertRefusedAsync(ErrorCodes.MeetingEnded, () => server.JoinAsync(meeting.Id, new JoinOptions { Name = "Eve" }, Cancellation));
    }

    [Fact]
    public async Task Refusals_name_their_reason_and_the_session_goes_on()
    {
        await using var host = await LiveServer.StartAsync("Parley:Limits:ParticipantsPerMeeting=1", "Parley:Rates:Chat:Burst=2", "Parley:Rates:Chat:PerMinute=1");
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await AssertRefusedAsync(ErrorCodes.NameInvalid, () => server.JoinAsync(meeting.Id, new JoinOptions { Name = "\t" }, Cancellation));
        await AssertRefusedAsync(ErrorCodes.SecretWrong, () => server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", CreatorSecret = "wrong" }, Cancellation));
        await using var ada = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada" }, Cancellation);
        await AssertRefusedAsync(ErrorCodes.MeetingFull, () => server.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation));
        await AssertRefusedAsync(ErrorCodes.TextInvalid, () => ada.SendChatAsync(" ", Cancellation));
        await AssertRefusedAsync(ErrorCodes.TextInvalid, () => ada.SendChatAsync(new string('x', 1_000_000), Cancellation));
        await ada.SendChatAsync("first", Cancellation).Soon();
        await AssertRefusedAsync(ErrorCodes.RateLimited, () => ada.SendChatAsync("second", Cancellation));
        Assert.Equal(SessionState.Joined, ada.State);
    }

    [Fact]
    public async Task Events_continue_the_snapshot_without_gap_or_repeat()
    {
        await using var host = await LiveServer.StartAsync("Parley:Rates:Chat:Burst=100000", "Parley:Rates:Joins:Burst=1000");
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var speaker = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Speaker" }, Cancellation);
        var talking = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++) await speaker.SendChatAsync($"{i}", Cancellation);
        }, Cancellation);
        for (var i = 0; i < 8; i++)
        {
            await using var guest = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Guest" }, Cancellation);
            var heard = new EventReader(guest);
            for (var j = 0; j < 3 && !talking.IsCompleted; j++) await heard.UntilAsync<ChatAdded>();
            var said = guest.Chat.Select(line => line.Text).ToList();
            Assert.Equal(Enumerable.Range(0, said.Count).Select(n => $"{n}"), said);
        }

        await talking.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    [Fact]
    public async Task A_broken_connection_is_mended_into_the_old_place_with_what_was_missed()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        await using var line = new Line(host.Address);
        using var far = host.Connect(line);
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var bob = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation);
        var bobHears = new EventReader(bob);
        await using var ada = await far.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada" }, Cancellation);
        var (place, adaHears) = (ada.ParticipantId, new EventReader(ada));

        line.Cut();
        await adaHears.UntilAsync<Reconnecting>();
        Assert.Equal(SessionState.Reconnecting, ada.State);
        await bobHears.UntilAsync<ParticipantChanged>(changed => changed.Participant.Presence == Presence.Reconnecting);
        var missed = await bob.SendChatAsync("are you there?", Cancellation).Soon();
        await using var eve = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Eve" }, Cancellation);
        var answer = ada.SendChatAsync("here I am", Cancellation);
        var muted = ada.SetMediaAsync(true, false, Cancellation);
        line.Mend();

        Assert.Equal("Eve", (await adaHears.UntilAsync<ParticipantJoined>()).Participant.Name);
        Assert.Equal(missed, (await adaHears.UntilAsync<ChatAdded>()).Message);
        Assert.True((await adaHears.UntilAsync<Reconnected>()).Resumed);
        Assert.Equal((SessionState.Joined, place), (ada.State, ada.ParticipantId));
        var said = await answer.Soon();
        await muted.Soon();
        Assert.True(ada.Media.Mic);
        Assert.Equal(said, (await adaHears.UntilAsync<ChatAdded>()).Message);
        Assert.Equal([missed, said], ada.Chat);
        await bobHears.UntilAsync<ChatAdded>(added => added.Message == said);
        Assert.Equal(["Bob", "Ada", "Eve"], bob.Participants.Select(participant => participant.Name));
    }

    [Fact]
    public async Task What_is_written_while_the_connection_breaks_again_and_again_stands_there_once()
    {
        await using var host = await LiveServer.StartAsync("Parley:Rates:Chat:Burst=100000", "Parley:Rates:Chat:PerMinute=1000000");
        await using var line = new Line(host.Address);
        using var far = host.Connect(line);
        var meeting = await far.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await far.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada" }, Cancellation);
        var heard = new EventReader(ada);
        for (var round = 0; round < 4; round++)
        {
            var lines = Enumerable.Range(0, 8).Select(i => ada.SendChatAsync($"{round}.{i}", Cancellation)).ToList();
            await lines[2].Soon();
            line.Break();
            await Task.WhenAll(lines).Soon();
            await heard.UntilAsync<Reconnected>();
        }

        var texts = (await far.GetRecordAsync(meeting.Id, Cancellation)).Chat.Select(message => message.Text).ToList();
        Assert.Equal(32, texts.Distinct().Count());
        Assert.Equal(32, texts.Count);
        Assert.Equal(texts, texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_restart_of_the_server_costs_nobody_their_place()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var ada = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", Mic = true }, Cancellation);
        var (place, heard) = (ada.ParticipantId, new EventReader(ada));
        var before = await ada.SendChatAsync("before", Cancellation).Soon();
        await host.StopAsync();
        await heard.UntilAsync<Reconnecting>();
        var sending = ada.SendChatAsync("after", Cancellation);
        await host.StartAsync();
        Assert.True((await heard.UntilAsync<Reconnected>()).Resumed);
        var after = await sending.Soon();
        Assert.Equal((place, true), (ada.ParticipantId, ada.Media.Mic));
        await heard.UntilAsync<ChatAdded>(added => added.Message == after);
        Assert.Equal([before, after], ada.Chat);
    }

    [Fact]
    public async Task A_meeting_that_ended_while_one_was_away_has_ended()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        await using var line = new Line(host.Address);
        using var far = host.Connect(line);
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var bob = await far.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob" }, Cancellation);
        var heard = new EventReader(bob);
        line.Cut();
        await heard.UntilAsync<Reconnecting>();
        var lost = bob.SendChatAsync("anyone?", Cancellation);
        await server.CancelMeetingAsync(meeting.Id, meeting.CreatorSecret, Cancellation);
        line.Mend();
        Assert.Equal(
            new SessionEnded(SessionEndReason.MeetingEnded, "This meeting was ended for everyone by Ada."), Assert.Single(await heard.RestAsync()));
        await AssertRefusedAsync(ErrorCodes.MeetingEnded, () => lost);
    }

    [Fact]
    public async Task Who_takes_the_place_from_elsewhere_ends_the_session_and_is_not_fought()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        var place = new TaskCompletionSource<Joined>();
        var certificates = new CertificateCheck(new ParleyServerOptions());
        var context = new FakeHub().Context() with
        {
            MeetingId = meeting.Id,
            Connect = events => new TappedLink(new HubLink(host.Address, certificates, NullLoggerFactory.Instance, events), place),
            Time = TimeProvider.System,
        };
        await using var ada = await MeetingSession.JoinAsync(context, Cancellation).Soon();
        var token = (await place.Task.Soon()).ResumeToken;
        await using var elsewhere = new HubLink(host.Address, certificates, NullLoggerFactory.Instance, new DeafEvents());
        await elsewhere.OpenAsync(Cancellation).Soon();
        var taken = await elsewhere.CallAsync<Joined>("join", [new JoinRequest(meeting.Id, "Ada", token, null, null)], Cancellation).Soon();
        Assert.True(taken.Value!.Resumed);
        Assert.Equal(SessionEndReason.Superseded, Assert.IsType<SessionEnded>((await new EventReader(ada).RestAsync())[^1]).Reason);
        Assert.Single((await server.GetRecordAsync(meeting.Id, Cancellation)).Attendance);
        Assert.Equal(1, (await server.GetMeetingAsync(meeting.Id, Cancellation)).Participants);
    }

    [Fact]
    public async Task Media_and_view_go_through_the_server()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        var legs = new FakeLegs();
        server.CreateMediaLeg = legs.Create;
        var meeting = await server.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        await using var bob = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Bob", Media = false }, Cancellation);
        await using var ada = await server.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", Mic = true }, Cancellation);
        var heard = new EventReader(ada);
        var leg = await legs.NextAsync();
        await leg.WhenAnswered;
        Assert.Equal(("answer to offer 1", new MediaState(true, false)), (leg.Answer, leg.Sending));
        Assert.Equal((ada.ParticipantId, ada.Limits), (leg.Context.ParticipantId, leg.Context.Limits));

        await ada.ShowAsync([new ViewRequest(bob.ParticipantId, VideoSourceKind.Camera, 320, 180)], Cancellation).Soon();
        Assert.Equal([new SlotView("3", bob.ParticipantId, VideoSourceKind.Camera, 320, 180)], host.MediaOf(meeting.Id)!.Views[ada.ParticipantId]);
        host.ShowSlot(meeting.Id, ada.ParticipantId, new SlotShown("3", bob.ParticipantId, VideoSourceKind.Camera));
        host.MediaOf(meeting.Id)!.Events.OnSpeakers([bob.ParticipantId], bob.ParticipantId);
        host.MediaOf(meeting.Id)!.Events.OnMediaState(ada.ParticipantId, MediaConnectionState.Connected, null);
        await heard.UntilAsync<MediaStateChanged>(changed => changed.State == MediaConnectionState.Connected);
        Assert.Equal(MediaConnectionState.Connected, ada.MediaConnection);
        if (ada.Dominant is null) await heard.UntilAsync<SpeakersChanged>();
        Assert.Equal((bob.ParticipantId, bob.ParticipantId), (ada.Dominant, Assert.Single(ada.Speaking)));
        Assert.Equal(bob.ParticipantId, leg.Shown?.ParticipantId);
        host.MediaOf(meeting.Id)!.Events.OnLayersWanted(ada.ParticipantId, new SendLayers(VideoSourceKind.Camera, 0));
        host.MediaOf(meeting.Id)!.Events.OnSlotQuality(ada.ParticipantId, new SlotQuality("3", SlotLevel.Reduced, SlotLimit.Overload));
        var reduced = new PictureQuality(bob.ParticipantId, VideoSourceKind.Camera, SlotLevel.Reduced, SlotLimit.Overload);
        Assert.Equal(reduced, (await heard.UntilAsync<PictureQualityChanged>()).Picture);
        Assert.Equal(reduced, Assert.Single(ada.LimitedPictures));
        await ada.SendChatAsync("what was told before is here", Cancellation).Soon();
        Assert.Equal(0, leg.Layers?.Layers);
        await ada.LeaveAsync(Cancellation).Soon();
        Assert.Equal(0, legs.Undisposed);
    }

    private sealed class TappedLink(HubLink link, TaskCompletionSource<Joined> joined) : IHubLink
    {
        public Task OpenAsync(CancellationToken cancellation) => link.OpenAsync(cancellation);

        public async Task<Reply<T>> CallAsync<T>(string method, object?[] arguments, CancellationToken cancellation)
        {
            var reply = await link.CallAsync<T>(method, arguments, cancellation);
            if (reply.Value is Joined value) joined.TrySetResult(value);
            return reply;
        }

        public ValueTask DisposeAsync() => link.DisposeAsync();
    }

    private sealed class DeafEvents : IHubEvents
    {
        public void OnEvent(HubEvent told)
        {
        }

        public void OnClosed()
        {
        }
    }

    private static async Task AssertRefusedAsync(string code, Func<Task> what)
    {
        var refused = await Assert.ThrowsAsync<ParleyException>(() => what().Soon());
        Assert.Equal((ParleyError.Refused, code), (refused.Error, refused.Code));
    }
}
