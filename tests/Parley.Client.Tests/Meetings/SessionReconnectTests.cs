using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;
using SpeakersChanged = Parley.Client.Meetings.SpeakersChanged;

namespace Parley.Client.Tests.Meetings;

/// <summary>Coming back, on a clock and a server of the test's.</summary>
public sealed class SessionReconnectTests
{
    private readonly FakeHub _hub = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tries_again_at_the_times_of_the_schedule()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        _hub.Opening = () => Task.FromException(new IOException("away"));
        var timer = await _hub.LoseAsync(link);
        await link.WhenDisposed;
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            waits.Add(timer.Due.TotalSeconds);
            timer.Fire();
            await _hub.NextLinkAsync();
            timer = await _hub.NextRetryAsync();
        }

        Assert.Equal([0, 0.3, 1.2, 2.7, 4.8, 7, 7, 7], waits);
        Assert.Equal(SessionState.Reconnecting, session.State);
    }

    [Fact]
    public async Task Gives_up_when_its_patience_is_over()
    {
        await using var session = await _hub.JoinAsync(new JoinOptions { Name = "me", Patience = TimeSpan.FromMinutes(5) });
        var heard = new EventReader(session);
        var link = await _hub.NextLinkAsync();
        link.Events.OnClosed();
        var patience = await _hub.Time.NextAsync(due => due == TimeSpan.FromMinutes(5));
        var waiting = session.SendChatAsync("anyone?", Cancellation);
        patience.Fire();
        Assert.Equal(SessionEndReason.Lost, (await heard.UntilAsync<SessionEnded>()).Reason);
        Assert.Equal(ParleyError.Lost, (await Assert.ThrowsAsync<ParleyException>(() => waiting.Soon())).Error);
        Assert.Equal(ParleyError.Lost, (await Assert.ThrowsAsync<ParleyException>(() => session.SetMediaAsync(true, true, Cancellation).Soon())).Error);
        Assert.Equal(ParleyError.Lost, (await Assert.ThrowsAsync<ParleyException>(() => session.ShowAsync([], Cancellation).Soon())).Error);
    }

    [Fact]
    public async Task A_connection_that_breaks_at_once_again_and_again_is_not_hammered()
    {
        await using var session = await _hub.JoinAsync();
        var waits = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            var timer = await _hub.LoseAsync(await _hub.NextLinkAsync());
            waits.Add(timer.Due.TotalSeconds);
            timer.Fire();
        }

        Assert.Equal([0, 0.3, 1.2, 2.7], waits);
        var link = await _hub.NextLinkAsync();
        await link.CallOfAsync("join");
        await EventuallyJoinedAsync(session);
        _hub.Time.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.Zero, (await _hub.LoseAsync(link)).Due);
    }

    [Fact]
    public async Task Waits_as_it_is_told_when_it_asks_too_often()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        _hub.Answer = (_, method, _) => method == "join"
            ? Task.FromResult<object>(new Reply<Joined>(null, new ProtocolError(ErrorCodes.RateLimited, "Too many joins from your address in a short time. Try again in 9 seconds.")))
            : null;
        (await _hub.LoseAsync(link)).Fire();
        await _hub.NextLinkAsync();
        var told = await _hub.Time.NextAsync(due => due == TimeSpan.FromSeconds(9));
        _hub.Answer = null;
        told.Fire();
        await new EventReader(session).UntilAsync<Reconnected>();
    }

    [Theory]
    [InlineData(ErrorCodes.MeetingEnded, SessionEndReason.MeetingEnded)]
    [InlineData(ErrorCodes.MeetingUnknown, SessionEndReason.Lost)]
    [InlineData(ErrorCodes.MeetingFull, SessionEndReason.Lost)]
    [InlineData("somethingNew", SessionEndReason.Lost)]
    public async Task A_refusal_for_good_is_the_end(string code, SessionEndReason reason)
    {
        await using var session = await _hub.JoinAsync();
        _hub.Answer = (_, method, _) => method == "join" ? Task.FromResult<object>(new Reply<Joined>(null, new ProtocolError(code, "Because."))) : null;
        (await _hub.LoseAsync(await _hub.NextLinkAsync())).Fire();
        Assert.Equal(new SessionEnded(reason, "Because."), (await new EventReader(session).RestAsync())[^1]);
    }

    [Fact]
    public async Task A_place_taken_from_elsewhere_is_the_end()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        link.Tell(MeetingEvents.Superseded);
        link.Events.OnClosed();
        Assert.Equal(SessionEndReason.Superseded, Assert.IsType<SessionEnded>(Assert.Single(await new EventReader(session).RestAsync())).Reason);
        await link.WhenDisposed;
        Assert.DoesNotContain("leave", link.Called);
    }

    [Fact]
    public async Task Events_that_overtake_the_reply_of_the_join_come_after_it()
    {
        _hub.Chat = [FakeHub.Line("a")];
        _hub.Answer = (link, method, _) =>
        {
            if (method != "join") return null;
            var joined = _hub.Joined();
            link.Tell(MeetingEvents.ChatAdded, FakeHub.Line("b"));
            link.Tell(MeetingEvents.ParticipantLeft, new ParticipantLeft("bob", LeaveReason.Left));
            return Task.FromResult<object>(new Reply<Joined>(joined, null));
        };
        await using var session = await _hub.JoinAsync();
        Assert.Equal(["a", "b"], session.Chat.Select(line => line.Id));
        Assert.Equal(["me"], session.Participants.Select(participant => participant.Id));
        var heard = new EventReader(session);
        Assert.IsType<ChatAdded>(await heard.NextAsync());
        Assert.Equal(LeaveReason.Left, Assert.IsType<ParticipantGone>(await heard.NextAsync()).Reason);
    }

    [Fact]
    public async Task A_connection_whose_end_overtakes_the_reply_of_its_join_is_lost()
    {
        _hub.Answer = (link, method, _) =>
        {
            if (method == "join") link.Events.OnClosed();
            return null;
        };
        await using var session = await _hub.JoinAsync();
        _hub.Answer = null;
        (await _hub.NextRetryAsync()).Fire();
        var heard = new EventReader(session);
        Assert.IsType<Reconnecting>(await heard.NextAsync());
        Assert.IsType<Reconnected>(await heard.NextAsync());
    }

    [Fact]
    public async Task A_rejoin_tells_what_is_different_and_nothing_else()
    {
        _hub.Participants = [FakeHub.Person("me"), FakeHub.Person("bob"), FakeHub.Person("eve")];
        _hub.Chat = [FakeHub.Line("a"), FakeHub.Line("b")];
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        link.Tell(MeetingEvents.ChatAdded, FakeHub.Line("c"));
        link.Tell(MeetingEvents.SpeakersChanged, new Protocol.SpeakersChanged(["bob", "nobody"], "bob"));
        _hub.Participants = [FakeHub.Person("me", mic: true), FakeHub.Person("eve"), FakeHub.Person("kim")];
        _hub.Chat = [FakeHub.Line("b"), FakeHub.Line("c"), FakeHub.Line("d")];
        (await _hub.LoseAsync(link)).Fire();
        var heard = new EventReader(session);
        Assert.IsType<ChatAdded>(await heard.NextAsync());
        Assert.Equal(["bob"], Assert.IsType<SpeakersChanged>(await heard.NextAsync()).Speaking);
        Assert.IsType<Reconnecting>(await heard.NextAsync());
        Assert.Equal("bob", Assert.IsType<ParticipantGone>(await heard.NextAsync()).Participant.Id);
        Assert.Equal("me", Assert.IsType<ParticipantChanged>(await heard.NextAsync()).Participant.Id);
        Assert.Equal("kim", Assert.IsType<ParticipantJoined>(await heard.NextAsync()).Participant.Id);
        Assert.Equal("d", Assert.IsType<ChatAdded>(await heard.NextAsync()).Message.Id);
        Assert.True(Assert.IsType<Reconnected>(await heard.NextAsync()).Resumed);
        Assert.Empty(session.Speaking);
        Assert.True(session.Media.Mic);
    }

    [Fact]
    public async Task A_new_place_keeps_what_one_has_switched_off_meanwhile()
    {
        await using var session = await _hub.JoinAsync(new JoinOptions { Name = "me", Mic = true });
        var link = await _hub.NextLinkAsync();
        var timer = await _hub.LoseAsync(link);
        var muting = session.SetMediaAsync(false, false, Cancellation);
        (_hub.Resumes, _hub.OwnId, _hub.Participants) = (false, "me2", [FakeHub.Person("bob"), FakeHub.Person("me2")]);
        timer.Fire();
        var next = await _hub.NextLinkAsync();
        var request = (JoinRequest)(await next.CallOfAsync("join"))[0]!;
        Assert.Equal(("token", new MediaState(false, false)), (request.ResumeToken, request.Media));
        await muting.Soon();
        var heard = new EventReader(session);
        Assert.Equal(LeaveReason.ConnectionLost, (await heard.UntilAsync<ParticipantGone>()).Reason);
        Assert.False((await heard.UntilAsync<Reconnected>()).Resumed);
        Assert.Equal("me2", session.ParticipantId);
    }

    [Fact]
    public async Task A_line_on_its_way_is_sent_again_with_the_same_id()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        var never = new TaskCompletionSource<object>();
        _hub.Answer = (at, method, _) => method == "sendChat" && at == link ? never.Task : null;
        var sending = session.SendChatAsync("hello", Cancellation);
        var first = (SendChat)(await link.CallOfAsync("sendChat"))[0]!;
        (await _hub.LoseAsync(link)).Fire();
        var second = (SendChat)(await (await _hub.NextLinkAsync()).CallOfAsync("sendChat"))[0]!;
        Assert.Equal(first, second);
        Assert.Equal("hello", (await sending.Soon()).Text);
    }

    [Fact]
    public async Task A_line_written_under_a_lost_place_is_not_said_twice()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        var never = new TaskCompletionSource<object>();
        _hub.Answer = (at, method, _) => method == "sendChat" && at == link ? never.Task : null;
        var said = session.SendChatAsync(" hello\r\nthere", Cancellation);
        var unsaid = session.SendChatAsync("again", Cancellation);
        await link.CallOfAsync("sendChat");
        (_hub.Resumes, _hub.OwnId, _hub.Participants) = (false, "me2", [FakeHub.Person("me2")]);
        _hub.Chat = [FakeHub.Line("x", "bob", "hello\nthere"), FakeHub.Line("y", "me", "hello\nthere")];
        (await _hub.LoseAsync(link)).Fire();
        var next = await _hub.NextLinkAsync();
        Assert.Equal("y", (await said.Soon()).Id);
        Assert.Equal("again", (await unsaid.Soon()).Text);
        Assert.Single(next.Called, "sendChat");
    }

    [Fact]
    public async Task A_call_under_which_each_connection_breaks_is_given_up()
    {
        await using var session = await _hub.JoinAsync();
        _hub.Answer = (_, method, _) => method == "sendChat" ? Task.FromException<object>(new IOException("broken")) : null;
        var poison = session.SendChatAsync("poison", Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await _hub.NextLinkAsync();
            (await _hub.NextRetryAsync()).Fire();
        }

        Assert.Equal(ParleyError.Lost, (await Assert.ThrowsAsync<ParleyException>(() => poison.Soon())).Error);
        _hub.Answer = null;
        Assert.Equal("fine", (await session.SendChatAsync("fine", Cancellation).Soon()).Text);
    }

    [Fact]
    public async Task A_line_that_nobody_waits_for_any_more_is_not_sent()
    {
        await using var session = await _hub.JoinAsync();
        var timer = await _hub.LoseAsync(await _hub.NextLinkAsync());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var dropped = session.SendChatAsync("dropped", stop.Token);
        var kept = session.SendChatAsync("kept", Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped.Soon());
        timer.Fire();
        var next = await _hub.NextLinkAsync();
        await kept.Soon();
        Assert.Equal("kept", ((SendChat)(await next.CallOfAsync("sendChat"))[0]!).Text);
        Assert.Single(next.Called, "sendChat");
    }

    [Fact]
    public async Task Who_ends_the_meeting_succeeds_though_its_end_comes_before_the_reply()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        _hub.Answer = (at, method, _) =>
        {
            if (method != "cancel") return null;
            at.Tell(MeetingEvents.MeetingEnded, new MeetingEnded(EndReason.Cancelled, "me", "Over."));
            at.Events.OnClosed();
            return Task.FromException<object>(new IOException("closed"));
        };
        await session.CancelAsync("secret", Cancellation).Soon();
        Assert.Equal(SessionEndReason.MeetingEnded, session.EndReason);
        await link.WhenDisposed;
    }

    [Fact]
    public async Task A_join_that_is_given_up_gives_its_place_back()
    {
        var reply = new TaskCompletionSource<object>();
        _hub.Answer = (_, method, _) => method == "join" ? reply.Task : null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var joining = MeetingSession.JoinAsync(_hub.Context(), stop.Token);
        var link = await _hub.NextLinkAsync();
        await link.CallOfAsync("join");
        await stop.CancelAsync();
        reply.SetResult(new Reply<Joined>(_hub.Joined(), null));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining.Soon());
        await link.CallOfAsync("leave");
        await link.WhenDisposed;
    }

    [Fact]
    public async Task A_join_that_fails_says_why()
    {
        _hub.Opening = () => Task.FromException(new IOException("away"));
        Assert.Equal("away", (await Assert.ThrowsAsync<ParleyException>(() => _hub.JoinAsync())).Message);
        _hub.Opening = null;
        _hub.OwnId = "someone not in the list";
        Assert.Equal(ParleyError.Refused, (await Assert.ThrowsAsync<ParleyException>(() => _hub.JoinAsync())).Error);
    }

    [Fact]
    public async Task When_nobody_reads_the_oldest_events_are_dropped_and_the_state_stays_right()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        for (var i = 0; i < EventStream.Capacity + 100; i++) link.Tell(MeetingEvents.ChatAdded, FakeHub.Line($"{i}"));
        await session.SendChatAsync("after them", Cancellation).Soon();
        Assert.Equal(100, session.DroppedEvents);
        Assert.Equal(Enumerable.Range(EventStream.Capacity + 100 - 500, 500).Select(i => $"{i}"), session.Chat.Select(line => line.Id));
        Assert.Equal("100", Assert.IsType<ChatAdded>(await new EventReader(session).NextAsync()).Message.Id);
        await session.LeaveAsync(Cancellation).Soon();
        Assert.Equal(SessionEndReason.Left, Assert.IsType<SessionEnded>((await new EventReader(session).RestAsync())[^1]).Reason);
    }

    [Fact]
    public async Task Leaving_while_the_server_is_away_does_not_wait_for_it()
    {
        await using var session = await _hub.JoinAsync();
        var link = await _hub.NextLinkAsync();
        var never = new TaskCompletionSource();
        _hub.Opening = () => never.Task;
        (await _hub.LoseAsync(link)).Fire();
        await _hub.NextLinkAsync();
        await session.LeaveAsync(Cancellation).Soon();
        Assert.Equal(SessionEndReason.Left, session.EndReason);
    }

    private static async Task EventuallyJoinedAsync(MeetingSession session)
    {
        var heard = new EventReader(session);
        for (var i = 0; i < 4; i++) await heard.UntilAsync<Reconnected>();
    }
}
