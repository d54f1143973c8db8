using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class MediaTests
{
    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;

    [Fact]
    public async Task Offers_are_answered_or_refused_with_the_reason()
    {
        var (ada, _) = await TwoAsync();
        Assert.Equal("answer to v=0", (await _meeting.OfferAsync(ada.Link, "v=0")).Value?.Sdp);
        Assert.Equal(new ProtocolError(ErrorCodes.OfferInvalid, "The offer has no m-lines."), (await _meeting.OfferAsync(ada.Link, "bad")).Error);
        Media.Answer = Task.FromException<OfferOutcome>(new InvalidOperationException("out of places"));
        Assert.Equal(ErrorCodes.MediaUnavailable, (await _meeting.OfferAsync(ada.Link, "v=0")).Error?.Code);
    }

    [Fact]
    public async Task An_answer_that_never_comes_holds_nobody_up_and_is_given_up()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        Media.Answer = new TaskCompletionSource<OfferOutcome>().Task;
        var waiting = _meeting.OfferAsync(ada.Link, "v=0");
        await bob.SayAsync("the meeting goes on");
        // The wait begins a moment after the command has run: time passes until it is over.
        while (!waiting.IsCompleted)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(ErrorCodes.MediaUnavailable, (await waiting).Error?.Code);
    }

    [Fact]
    public async Task Devices_reach_the_media_plane_the_others_and_the_records()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        Assert.Equal(MeetingFixture.Off, Media.Media[ada.Id]);
        Assert.True((await _meeting.SetMediaAsync(ada.Link, MeetingFixture.On)).Value);
        Assert.Equal(MeetingFixture.On, Media.Media[ada.Id]);
        Assert.Equal(MeetingFixture.On, (await bob.Link.NextAsync<Participant>(MeetingEvents.ParticipantChanged)).Media);
        await _meeting.SetMediaAsync(ada.Link, MeetingFixture.On);
        await ada.SayAsync("no change, no event");
        Assert.Equal([MeetingEvents.ChatAdded], bob.Link.Unread());

        await _server.StartAsync();
        var back = await Guest.JoinAsync(await _server.FindAsync(_meeting.Id), "Ada", MeetingFixture.Off, ada.Joined.ResumeToken);
        Assert.Equal(MeetingFixture.On, back.Joined.Meeting.Participants[0].Media);
    }

    [Fact]
    public async Task A_view_is_checked_and_whoever_left_is_a_paused_slot()
    {
        var (ada, bob) = await TwoAsync();
        var slot = new SlotView("3", bob.Id, VideoSourceKind.Camera, 320, 180, Pinned: true);
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot));
        await _meeting.OfferAsync(ada.Link, "v=0");

        Assert.Null(await WhyNotAsync(ada, slot, slot with { Mid = "4", ParticipantId = "nobody" }));
        Assert.Equal([slot, slot with { Mid = "4", ParticipantId = null }], Media.Views[ada.Id]);
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot, slot));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot with { Mid = null }));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot with { Mid = "none" }));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot with { Width = -1 }));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, slot with { Source = (VideoSourceKind)7 }));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, [null!]));
        Assert.Equal(ErrorCodes.ViewInvalid, await WhyNotAsync(ada, [.. Enumerable.Range(0, 9).Select(i => slot with { Mid = $"{i}" })]));
        Assert.Equal(2, Media.Views[ada.Id].Count);
    }

    [Fact]
    public async Task What_media_threads_report_reaches_whom_it_concerns()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        Media.Events.OnMediaState(ada.Id, MediaConnectionState.Connected, null);
        Assert.Equal(new MediaConnectionChanged(MediaConnectionState.Connected, null), await NextAsync<MediaConnectionChanged>(ada, MeetingEvents.MediaState));
        Media.Events.OnSlotShown(ada.Id, "3", bob.Id, VideoSourceKind.Camera);
        Assert.Equal(new SlotShown("3", bob.Id, VideoSourceKind.Camera), await NextAsync<SlotShown>(ada, MeetingEvents.SlotShown));
        Media.Events.OnSpeakers([bob.Id], bob.Id);
        Assert.Equal([bob.Id], (await NextAsync<SpeakersChanged>(ada, MeetingEvents.SpeakersChanged)).Speaking);
        Assert.Equal(bob.Id, (await NextAsync<SpeakersChanged>(bob, MeetingEvents.SpeakersChanged)).Dominant);
        Media.Events.OnMediaState("nobody", MediaConnectionState.Failed, "x");
        Media.Events.OnSlotShown("nobody", "3", null, VideoSourceKind.Camera);

        // Who comes later is told who speaks; who comes back, what their slots show if they want it still.
        var late = await Guest.JoinAsync(_meeting, "Late");
        Assert.Equal(bob.Id, (await NextAsync<SpeakersChanged>(late, MeetingEvents.SpeakersChanged)).Dominant);
        var back = await Guest.JoinAsync(_meeting, "Ada", token: ada.Joined.ResumeToken);
        await NextAsync<SpeakersChanged>(back, MeetingEvents.SpeakersChanged);
        var wanted = new SlotView("3", bob.Id, VideoSourceKind.Camera, 320, 180);
        Assert.Null(await WhyNotAsync(back, wanted, wanted with { Mid = "4" }));
        Assert.Null(await WhyNotAsync(back, wanted));
        Assert.Equal([MeetingEvents.SlotShown], back.Link.Unread());
    }

    [Fact]
    public async Task What_is_said_of_layers_and_quality_is_said_again_to_who_comes_back_on_the_same_transport()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        var paused = new SlotQuality("3", SlotLevel.Paused, SlotLimit.Bandwidth);
        var one = new SendLayers(VideoSourceKind.Camera, 1);
        Media.Events.OnSlotQuality(ada.Id, new SlotQuality("3", SlotLevel.Reduced, SlotLimit.Overload));
        Assert.Equal(SlotLimit.Overload, (await NextAsync<SlotQuality>(ada, MeetingEvents.SlotQuality)).Reason);
        Media.Events.OnSlotQuality(ada.Id, paused);
        Media.Events.OnLayersWanted(ada.Id, one);
        Media.Events.OnLayersWanted("nobody", one);
        Assert.Equal(paused, await NextAsync<SlotQuality>(ada, MeetingEvents.SlotQuality));
        Assert.Equal(one, await NextAsync<SendLayers>(ada, MeetingEvents.SendLayers));
        Assert.DoesNotContain(bob.Link.Unread(), name => name is MeetingEvents.SlotQuality or MeetingEvents.SendLayers);

        var wanted = new SlotView("3", bob.Id, VideoSourceKind.Camera, 320, 180);
        var back = await Guest.JoinAsync(_meeting, "Ada", token: ada.Joined.ResumeToken);
        Assert.Null(await WhyNotAsync(back, wanted));
        Assert.Equal([(MeetingEvents.SlotQuality, paused), (MeetingEvents.SendLayers, (object)one)], back.Link.Drain());
        Assert.Null(await WhyNotAsync(back, wanted));
        Assert.Empty(back.Link.Unread());

        // A new transport has all layers and no slot that is paused.
        Media.Answer = Task.FromResult(new OfferOutcome("answer", null, IsNew: true));
        back = await Guest.JoinAsync(_meeting, "Ada", token: ada.Joined.ResumeToken);
        await _meeting.OfferAsync(back.Link, "v=0");
        Assert.Null(await WhyNotAsync(back, wanted));
        Assert.Empty(back.Link.Unread());
    }

    [Fact]
    public async Task Many_reports_to_a_stalled_meeting_are_one_of_each_kind()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        var disk = new TaskCompletionSource();
        _server.Records.Hold = _ => disk.Task;
        var stalled = bob.SayAsync("slow");
        for (var i = 0; i < 10_000; i++)
        {
            Media.Events.OnSpeakers([$"{i}"], null);
            Media.Events.OnSlotShown(ada.Id, "3", $"{i}", VideoSourceKind.Screen);
            Media.Events.OnMediaState(ada.Id, MediaConnectionState.Connecting, $"{i}");
            Media.Events.OnSlotQuality(ada.Id, new SlotQuality("3", (SlotLevel)(i % 3), null));
            Media.Events.OnLayersWanted(ada.Id, new SendLayers(VideoSourceKind.Camera, i % 4));
        }

        disk.SetResult();
        await stalled;
        await bob.SayAsync("done");
        var events = ada.Link.Drain();
        Assert.Equal(new SlotShown("3", "9999", VideoSourceKind.Screen), events.Last(e => e.Name == MeetingEvents.SlotShown).Argument);
        Assert.Equal("9999", Assert.Single(((SpeakersChanged)events.Last(e => e.Name == MeetingEvents.SpeakersChanged).Argument!).Speaking));
        Assert.Equal(3, ((SendLayers)events.Last(e => e.Name == MeetingEvents.SendLayers).Argument!).Layers);
        Assert.InRange(events.Count, 7, 15);
    }

    [Fact]
    public async Task Others_are_told_of_a_leg_when_its_first_attempt_has_an_outcome_and_of_each_change_after_it()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        bob.Link.Drain();
        foreach (var state in (MediaConnectionState[])[MediaConnectionState.Connecting, MediaConnectionState.Connected, MediaConnectionState.Failed, MediaConnectionState.Connecting])
        {
            Media.Events.OnMediaState(ada.Id, state, null);
            await bob.SayAsync("done");
        }

        Assert.Equal(
            [MediaConnectionState.Connected, MediaConnectionState.Failed, MediaConnectionState.Connecting],
            bob.Link.Drain().Where(told => told.Name == MeetingEvents.ParticipantChanged).Select(told => ((Participant)told.Argument!).ServerLeg));
    }

    [Fact]
    public async Task Who_leaves_is_taken_out_of_the_media_and_who_is_lost_is_not_yet()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        _meeting.Disconnected(bob.Link);
        await ada.SayAsync("bob is lost");
        Assert.Empty(Media.Removed);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await NextAsync<ParticipantLeft>(ada, MeetingEvents.ParticipantLeft);
        Assert.Equal([bob.Id], Media.Removed);
        await _meeting.LeaveAsync(ada.Link);
        Assert.Equal([bob.Id, ada.Id], Media.Removed);
        Assert.True(Media.Closed);
    }

    [Fact]
    public async Task A_media_plane_that_breaks_does_not_break_the_meeting()
    {
        var (ada, bob) = await TwoAsync();
        await _meeting.OfferAsync(ada.Link, "v=0");
        var media = Media;
        media.Broken = true;
        Assert.True((await _meeting.SetMediaAsync(ada.Link, MeetingFixture.On)).Value);
        Assert.Equal(ErrorCodes.MediaUnavailable, await WhyNotAsync(ada));
        Assert.True((await _meeting.LeaveAsync(ada.Link)).Value);
        Assert.Equal([MeetingEvents.ParticipantChanged, MeetingEvents.ParticipantLeft], bob.Link.Unread());
        Assert.True((await _meeting.LeaveAsync(bob.Link)).Value);
        Assert.Equal(EndReason.LastLeft, _meeting.Ended?.Reason);
        Assert.True(media.Closed);
    }

    private FakeMeetingMedia Media => _server.Media.Meetings[_meeting.Id];

    private async Task<(Guest Ada, Guest Bob)> TwoAsync()
    {
        await _server.StartAsync();
        (_meeting, _) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada");
        var bob = await Guest.JoinAsync(_meeting, "Bob");
        await ada.Link.NextAsync<Participant>(MeetingEvents.ParticipantJoined);
        return (ada, bob);
    }

    private async Task<string?> WhyNotAsync(Guest guest, params SlotView[] view) => (await _meeting.SetViewAsync(guest.Link, view).Soon()).Error?.Code;

    /// <summary>The next event of this name; others are passed over.</summary>
    private static async Task<T> NextAsync<T>(Guest guest, string name) => (T)(await guest.Link.UntilAsync(name))!;
}
