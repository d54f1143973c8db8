using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>The media leg and the view, on a clock and a server of the test's.</summary>
public sealed class SessionMediaTests
{
    private readonly FakeHub _hub = new();
    private readonly FakeLegs _legs = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leg_that_fails_is_replaced_once_it_has_ended()
    {
        var ending = new TaskCompletionSource();
        _legs.Prepare = leg => leg.Disposing = ending.Task;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var heard = new EventReader(session);
        Assert.Equal(MediaConnectionState.Connecting, (await heard.UntilAsync<MediaStateChanged>()).State);
        var first = await _legs.NextAsync();
        await first.WhenAnswered;
        first.Fail("Consent has expired.");
        first.Fail("Once is enough.");
        Assert.Equal(new MediaStateChanged(MediaConnectionState.Failed, "Consent has expired."), await heard.UntilAsync<MediaStateChanged>());
        (await _hub.NextRetryAsync()).Fire();
        ending.SetResult();
        var second = await _legs.NextAsync();
        await second.WhenAnswered;
        Assert.Equal("answer to offer 2", second.Answer);
        Assert.Equal(1, _legs.MostAtOnce);
    }

    [Fact]
    public async Task New_legs_are_made_at_the_times_of_the_schedule()
    {
        _legs.Prepare = leg => leg.FailsToAnswer = new ParleyException(ParleyError.Invalid, "No.");
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var leg = await _legs.NextAsync();
            var timer = await _hub.Time.NextAsync(due => due.TotalSeconds is < 10 or 15);
            waits.Add(timer.Due.TotalSeconds);
            timer.Fire();
        }

        Assert.Equal([0, 1, 2, 4, 8, 15, 15], waits);
    }

    [Fact]
    public async Task What_another_attempt_cannot_mend_is_not_tried_again()
    {
        _hub.Answer = (_, method, _) => method == "offer"
            ? Task.FromResult<object>(new Reply<SessionDescriptionMessage>(null, new ProtocolError(ErrorCodes.OfferInvalid, "No m-lines.")))
            : null;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var heard = new EventReader(session);
        await heard.UntilAsync<MediaStateChanged>(changed => changed.State == MediaConnectionState.Failed && changed.Message == "No m-lines.");
        Assert.Null(session.Leg);

        var hub = new FakeHub();
        _legs.Prepare = leg => leg.FailsToOffer = new ParleyException(ParleyError.Media, "libopus is missing.");
        await using var deaf = await hub.JoinAsync(legs: _legs.Create);
        await new EventReader(deaf).UntilAsync<MediaStateChanged>(changed => changed.Message == "libopus is missing.");
        Assert.Equal("chat works", (await deaf.SendChatAsync("chat works", Cancellation).Soon()).Text);
        Assert.Null(deaf.Leg);
    }

    [Fact]
    public async Task The_server_says_that_a_leg_has_failed_but_not_of_the_one_before()
    {
        var answer = new TaskCompletionSource<object>();
        _hub.Answer = (_, method, _) => method == "offer" ? answer.Task : null;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        var leg = await _legs.NextAsync();
        await link.CallOfAsync("offer");
        link.Tell(MeetingEvents.MediaState, new MediaConnectionChanged(MediaConnectionState.Failed, "the one before"));
        answer.SetResult(new Reply<SessionDescriptionMessage>(new SessionDescriptionMessage("answer"), null));
        await leg.WhenAnswered;
        link.Tell(MeetingEvents.MediaState, new MediaConnectionChanged(MediaConnectionState.Connected, null));
        link.Tell(MeetingEvents.MediaState, new MediaConnectionChanged(MediaConnectionState.Failed, "this one"));
        var heard = new EventReader(session);
        Assert.Equal(new MediaStateChanged(MediaConnectionState.Connecting, null), await heard.NextAsync());
        Assert.Equal(new MediaStateChanged(MediaConnectionState.Connected, null), await heard.NextAsync());
        Assert.Equal(new MediaStateChanged(MediaConnectionState.Failed, "this one"), await heard.NextAsync());
    }

    [Fact]
    public async Task A_leg_that_lives_is_kept_over_a_rejoin_and_the_view_asked_again()
    {
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        var leg = await _legs.NextAsync();
        await leg.WhenAnswered;
        await session.ShowAsync([Camera("bob")], Cancellation).Soon();
        (await _hub.LoseAsync(link)).Fire();
        var next = await _hub.NextLinkAsync();
        Assert.Equal([new SlotView("3", "bob", VideoSourceKind.Camera, 320, 180)], await ViewOfAsync(next));
        Assert.Same(leg, session.Leg);
        Assert.DoesNotContain("offer", next.Called);

        leg.IsAlive = false;
        (await _hub.LoseAsync(next)).Fire();
        var last = await _hub.NextLinkAsync();
        var other = await _legs.NextAsync();
        await other.WhenAnswered;
        Assert.Equal([new SlotView("3", "bob", VideoSourceKind.Camera, 320, 180)], await ViewOfAsync(last));
    }

    [Fact]
    public async Task A_leg_is_not_kept_for_a_new_place_nor_when_the_server_has_forgotten_it()
    {
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        await (await _legs.NextAsync()).WhenAnswered;
        (_hub.Resumes, _hub.OwnId, _hub.Participants) = (false, "me2", [FakeHub.Person("me2"), FakeHub.Person("bob")]);
        (await _hub.LoseAsync(await _hub.NextLinkAsync())).Fire();
        var second = await _legs.NextAsync();
        await second.WhenAnswered;
        Assert.Equal("me2", second.Context.ParticipantId);

        var isForgotten = true;
        _hub.Answer = (_, method, _) =>
        {
            if (method != "setView" || !isForgotten) return null;
            isForgotten = false;
            return Task.FromResult<object>(new Reply<bool>(false, new ProtocolError(ErrorCodes.ViewInvalid, "There are no slots yet: send an offer first.")));
        };
        _hub.Resumes = true;
        (await _hub.LoseAsync(await _hub.NextLinkAsync())).Fire();
        (await _hub.NextRetryAsync()).Fire();
        await (await _legs.NextAsync()).WhenAnswered;
    }

    [Fact]
    public async Task The_whole_view_is_asked_for_when_it_changes_and_only_then()
    {
        _hub.Participants = [FakeHub.Person("me"), .. "abcdef".Select(c => FakeHub.Person($"{c}"))];
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        var leg = await _legs.NextAsync();
        await leg.WhenAnswered;
        await session.ShowAsync([Camera("a"), Camera("b"), Camera("nobody"), Camera("c"), Camera("d")], Cancellation).Soon();
        Assert.Equal(["3a", "4b", "5c"], Short(await ViewOfAsync(link)));
        Assert.Equal(["3a", "4b", "5c"], Short(await leg.NextViewAsync()));
        await session.ShowAsync([Camera("c"), Camera("a"), Camera("b")], Cancellation).Soon();
        await session.ShowAsync([Camera("c"), Camera("e"), Camera("a"), Camera("b")], Cancellation).Soon();
        Assert.Equal(["3a", "4e", "5c"], Short(await ViewOfAsync(link)));
        link.Tell(MeetingEvents.ParticipantLeft, new ParticipantLeft("f", LeaveReason.Left));
        link.Tell(MeetingEvents.ParticipantLeft, new ParticipantLeft("a", LeaveReason.Left));
        Assert.Equal(["3b", "4e", "5c"], Short(await ViewOfAsync(link)));
        await session.ShowAsync([Camera("c") with { Width = 640 }], Cancellation).Soon();
        Assert.Equal(640, Assert.Single(await ViewOfAsync(link)).Width);
        await session.ShowAsync([], Cancellation).Soon();
        Assert.Empty(await ViewOfAsync(link));
        Assert.Equal(5, link.Called.Count(name => name == "setView"));
        Assert.Equal(ParleyError.Invalid, (await Assert.ThrowsAsync<ParleyException>(() => session.ShowAsync([Camera("c") with { Height = -1 }], Cancellation))).Error);
    }

    [Fact]
    public async Task What_is_said_of_a_slots_quality_is_told_of_the_picture_it_was_asked_for()
    {
        _hub.Participants = [FakeHub.Person("me"), FakeHub.Person("a"), FakeHub.Person("b")];
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var heard = new EventReader(session);
        var link = await _hub.NextLinkAsync();
        await (await _legs.NextAsync()).WhenAnswered;
        await session.ShowAsync([Camera("a"), Camera("b") with { Pinned = true }], Cancellation).Soon();
        Assert.Equal([false, true], (await ViewOfAsync(link)).Select(slot => slot.Pinned));

        link.Tell(MeetingEvents.SlotQuality, new SlotQuality("9", SlotLevel.Paused, SlotLimit.Bandwidth));
        link.Tell(MeetingEvents.SlotQuality, new SlotQuality("4", SlotLevel.Paused, SlotLimit.Bandwidth));
        var paused = new PictureQuality("b", VideoSourceKind.Camera, SlotLevel.Paused, SlotLimit.Bandwidth);
        Assert.Equal(paused, (await heard.UntilAsync<PictureQualityChanged>()).Picture);
        Assert.Equal([paused], session.LimitedPictures);
        link.Tell(MeetingEvents.SlotQuality, new SlotQuality("4", SlotLevel.Reduced, SlotLimit.Overload));
        Assert.Equal(SlotLimit.Overload, (await heard.UntilAsync<PictureQualityChanged>()).Picture.Reason);

        // Who is not asked for any more has no quality.
        await session.ShowAsync([Camera("a")], Cancellation).Soon();
        Assert.Equal(new PictureQuality("b", VideoSourceKind.Camera, SlotLevel.Full, null), (await heard.UntilAsync<PictureQualityChanged>()).Picture);
        link.Tell(MeetingEvents.SlotQuality, new SlotQuality("3", SlotLevel.Paused, SlotLimit.Bandwidth));
        Assert.Equal("a", (await heard.UntilAsync<PictureQualityChanged>()).Picture.ParticipantId);
        link.Tell(MeetingEvents.SlotQuality, new SlotQuality("3", SlotLevel.Full, null));
        Assert.Equal(SlotLevel.Full, (await heard.UntilAsync<PictureQualityChanged>()).Picture.Level);
        Assert.Empty(session.LimitedPictures);
    }

    [Fact]
    public async Task A_view_asked_before_there_are_slots_is_asked_for_when_there_are()
    {
        var answer = new TaskCompletionSource<object>();
        _hub.Answer = (_, method, _) => method == "offer" ? answer.Task : null;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        await session.ShowAsync([Camera("bob")], Cancellation).Soon();
        Assert.DoesNotContain("setView", link.Called);
        answer.SetResult(new Reply<SessionDescriptionMessage>(new SessionDescriptionMessage("answer"), null));
        Assert.Equal(["3bob"], Short(await ViewOfAsync(link)));
    }

    [Fact]
    public async Task A_view_that_is_refused_is_said_so_and_one_that_was_too_quick_is_asked_again()
    {
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        await (await _legs.NextAsync()).WhenAnswered;
        _hub.Answer = (_, method, _) => method == "setView"
            ? Task.FromResult<object>(new Reply<bool>(false, new ProtocolError(ErrorCodes.ViewInvalid, "There is no slot 3.")))
            : null;
        var refused = await Assert.ThrowsAsync<ParleyException>(() => session.ShowAsync([Camera("bob")], Cancellation).Soon());
        Assert.Equal(ErrorCodes.ViewInvalid, refused.Code);
        _hub.Answer = (_, method, _) => method == "setView"
            ? Task.FromResult<object>(new Reply<bool>(false, new ProtocolError(ErrorCodes.RateLimited, "Too many changes of the view in a short time. Try again in 3 seconds.")))
            : null;
        var showing = session.ShowAsync([Camera("bob"), Camera("me")], Cancellation);
        var again = await _hub.Time.NextAsync(due => due == TimeSpan.FromSeconds(3));
        _hub.Answer = null;
        again.Fire();
        await showing.Soon();
    }

    [Fact]
    public async Task A_view_that_is_refused_does_not_take_the_next_one_with_it()
    {
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        await (await _legs.NextAsync()).WhenAnswered;
        var reply = new TaskCompletionSource<object>();
        _hub.Answer = (_, method, _) => method == "setView" ? reply.Task : null;
        var first = session.ShowAsync([Camera("bob")], Cancellation);
        Assert.Equal(["3bob"], Short(await ViewOfAsync(link)));
        var second = session.ShowAsync([Camera("me")], Cancellation);
        _hub.Answer = null;
        reply.SetResult(new Reply<bool>(false, new ProtocolError(ErrorCodes.ViewInvalid, "There is no slot 3.")));
        Assert.Equal(["3me"], Short(await ViewOfAsync(link)));
        await Task.WhenAll(first, second).Soon();
    }

    [Fact]
    public async Task A_mute_holds_at_once_whatever_the_server_says()
    {
        await using var session = await _hub.JoinAsync(new JoinOptions { Name = "me", Mic = true }, _legs.Create);
        _hub.Participants = [FakeHub.Person("me", mic: true)];
        var link = await _hub.NextLinkAsync();
        var leg = await _legs.NextAsync();
        await leg.WhenAnswered;
        link.Tell(MeetingEvents.ParticipantChanged, FakeHub.Person("me", mic: true));
        var reply = new TaskCompletionSource<object>();
        _hub.Answer = (_, method, _) => method == "setMedia" ? reply.Task : null;
        var muting = session.SetMediaAsync(false, true, Cancellation);
        await link.CallOfAsync("setMedia");
        Assert.Equal(new MediaState(false, true), leg.Sending);
        reply.SetResult(new Reply<bool>(false, new ProtocolError(ErrorCodes.RateLimited, "Too many.")));
        await Assert.ThrowsAsync<ParleyException>(() => muting.Soon());
        Assert.Equal(new MediaState(false, false), leg.Sending);
        Assert.True(session.Media.Mic);
    }

    [Fact]
    public async Task A_leg_that_wants_another_path_is_restarted_and_keeps_its_slots()
    {
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var link = await _hub.NextLinkAsync();
        var leg = await _legs.NextAsync();
        await leg.WhenAnswered;
        await session.ShowAsync([Camera("bob")], Cancellation).Soon();
        await link.CallOfAsync("setView");
        leg.WantRestart();
        Assert.Equal(new SessionDescriptionMessage("restart 1"), (await link.CallOfAsync("offer"))[0]);
        Assert.Same(leg, session.Leg);
        await session.SendChatAsync("after it", Cancellation).Soon();
        Assert.Equal("answer to restart 1", leg.Answer);
        Assert.Single(link.Called, name => name == "setView");

        // While the server is away the wish waits.
        var timer = await _hub.LoseAsync(link);
        leg.WantRestart();
        timer.Fire();
        Assert.Equal(new SessionDescriptionMessage("restart 1"), (await (await _hub.NextLinkAsync()).CallOfAsync("offer"))[0]);
    }

    [Fact]
    public async Task What_cannot_be_restarted_is_made_anew()
    {
        _hub.Answer = (_, method, arguments) => method == "offer" && ((SessionDescriptionMessage)arguments[0]!).Sdp == "restart 1"
            ? Task.FromResult<object>(new Reply<SessionDescriptionMessage>(null, new ProtocolError(ErrorCodes.OfferInvalid, "Not this.")))
            : null;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var leg = await _legs.NextAsync();
        await leg.WhenAnswered;
        leg.WantRestart();
        (await _hub.NextRetryAsync()).Fire();
        Assert.Equal("answer to offer 2", await AnswerOf(await _legs.NextAsync()));
    }

    [Fact]
    public async Task The_servers_relays_are_used_when_its_own_addresses_have_not_worked_for_four_seconds()
    {
        _hub.IceServers = [new Protocol.IceServer(["turn:192.0.2.1:3478?transport=udp", "turns:192.0.2.1:5349"], "ada", "secret"), new Protocol.IceServer(["stun:192.0.2.1"])];
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        var leg = await _legs.NextAsync();
        Assert.Empty(leg.Context.Relays);
        (await _hub.Time.NextAsync(due => due == TimeSpan.FromSeconds(4))).Fire();
        (await _hub.Time.NextAsync(due => due == TimeSpan.Zero)).Fire();
        leg = await _legs.NextAsync();
        Assert.Equal("turn:192.0.2.1:3478", Assert.Single(leg.Context.Relays).ToString());
    }

    [Fact]
    public async Task The_session_ends_though_its_leg_does_not()
    {
        var never = new TaskCompletionSource();
        _legs.Prepare = leg => leg.Disposing = never.Task;
        await using var session = await _hub.JoinAsync(legs: _legs.Create);
        await (await _legs.NextAsync()).WhenAnswered;
        var leaving = session.LeaveAsync(Cancellation);
        (await _hub.Time.NextAsync(due => due == TimeSpan.FromSeconds(5))).Fire();
        await leaving.Soon();
        never.SetResult();
    }

    private static async Task<string?> AnswerOf(FakeLeg leg)
    {
        await leg.WhenAnswered;
        return leg.Answer;
    }

    private static ViewRequest Camera(string id) => new(id, VideoSourceKind.Camera, 320, 180);

    private static async Task<IReadOnlyList<SlotView>> ViewOfAsync(FakeLink link) => (IReadOnlyList<SlotView>)(await link.CallOfAsync("setView"))[0]!;

    private static IEnumerable<string> Short(IReadOnlyList<SlotView> view) => view.Select(slot => slot.Mid + slot.ParticipantId);
}
