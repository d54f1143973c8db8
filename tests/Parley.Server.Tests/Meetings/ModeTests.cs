using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>From the server to a link and back, as the participants are told (protocol.md §6).</summary>
public sealed class ModeTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private string _secret = "";

    [Fact]
    public async Task Two_get_a_link_and_are_peer_to_peer_once_both_receive_over_it()
    {
        var (ada, bob, link) = await ConnectingAsync();

        await ReportAsync(ada, link, LinkState.Ready);
        await ReportAsync(ada, link, LinkState.Ready);
        Assert.DoesNotContain(MeetingEvents.ModeChanged, bob.Link.Unread());
        await ReportAsync(bob, link, LinkState.Ready);

        foreach (var guest in new[] { ada, bob })
        {
            var mode = await ModeAsync(guest);
            Assert.Equal((MeetingMode.PeerToPeer, ModeReason.TwoPeople, ModePin.Auto), (mode.Mode, mode.Reason, mode.Pin));
        }

        Assert.Equal([MeetingMode.PeerToPeer], await RecordedAsync());
    }

    [Fact]
    public async Task A_third_brings_the_server_back_and_the_link_ends_when_both_have_left_it()
    {
        var (ada, bob, link) = await LiveAsync();
        await ada.Meeting.OfferAsync(ada.Link, "v=0");
        var eve = await JoinAsync("Eve");

        Assert.Equal((MeetingMode.Server, ModeReason.MoreThanTwo), await ModeAndReasonAsync(ada));
        Assert.Equal((MeetingMode.Server, ModeReason.MoreThanTwo), await ModeAndReasonAsync(bob));
        var media = _server.Media.Meetings[_meeting.Id];
        Assert.Equal([(ada.Id, bob.Id), (bob.Id, ada.Id)], media.Awaited);

        // Each hears that the mix has the other's voice again; the third needs no such news.
        media.Events.OnInMix(ada.Id, bob.Id, 960);
        media.Events.OnInMix(ada.Id, eve.Id, 1_920);
        Assert.Equal(new InMix(ada.Id, 960), await bob.Link.UntilAsync(MeetingEvents.InMix));
        await ReportAsync(ada, link, LinkState.Released);
        Assert.Empty(bob.Link.Unread());
        await ReportAsync(bob, link, LinkState.Released);
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await bob.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.DoesNotContain(eve.Link.Drain(), told => told.Name is MeetingEvents.LinkEnded or MeetingEvents.InMix or MeetingEvents.LinkStarted);
        Assert.Equal([MeetingMode.PeerToPeer, MeetingMode.Server], await RecordedAsync());

        // And back, after the calm, however long the three were together.
        await PassAsync(TimeSpan.FromMinutes(10));
        await _meeting.LeaveAsync(eve.Link);
        Assert.Equal((MeetingMode.Server, ModeReason.Settling), await ModeAndReasonAsync(ada));
        await PassAsync(Calm - TimeSpan.FromMilliseconds(1));
        await ada.SayAsync("not yet");
        Assert.DoesNotContain(MeetingEvents.LinkStarted, ada.Link.Unread());
        await PassAsync(TimeSpan.FromMilliseconds(1));
        var next = (LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!;
        Assert.NotEqual(link, next.LinkId);
    }

    [Fact]
    public async Task A_link_that_two_do_not_release_is_ended_for_them()
    {
        var (ada, _, link) = await LiveAsync();
        await JoinAsync("Eve");
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
    }

    [Fact]
    public async Task A_third_who_comes_while_two_connect_ends_that()
    {
        var (ada, bob, link) = await ConnectingAsync();
        await ReportAsync(ada, link, LinkState.Ready);
        await JoinAsync("Eve");
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal(ErrorCodes.LinkUnknown, (await _meeting.ReportLinkAsync(bob.Link, new LinkReport(link, LinkState.Ready))).Error?.Code);
        Assert.Empty(await RecordedAsync());
    }

    [Fact]
    public async Task A_third_who_leaves_during_the_hand_over_changes_nothing_until_it_is_done()
    {
        var (ada, bob, link) = await LiveAsync();
        var eve = await JoinAsync("Eve");
        await _meeting.LeaveAsync(eve.Link);
        await PassAsync(Calm);
        await ada.SayAsync("still going back");
        Assert.DoesNotContain(MeetingEvents.LinkStarted, ada.Link.Unread());
        await ReportAsync(ada, link, LinkState.Released);
        await ReportAsync(bob, link, LinkState.Released);
        await PassAsync(Calm);
        Assert.NotEqual(link, ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId);
    }

    [Fact]
    public async Task Two_who_leave_at_once_leave_nothing_behind()
    {
        var (ada, bob, link) = await LiveAsync();
        await Task.WhenAll(_meeting.LeaveAsync(ada.Link), _meeting.LeaveAsync(bob.Link));
        Assert.NotNull(_meeting.Ended);
        Assert.DoesNotContain(MeetingEvents.LinkStarted, bob.Link.Unread());
        Assert.NotEmpty(link);
    }

    [Fact]
    public async Task One_who_leaves_ends_the_link()
    {
        var (ada, bob, link) = await LiveAsync();
        await _meeting.LeaveAsync(bob.Link);
        Assert.Equal(new LinkEnded(link, LinkEndReason.Left), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal((MeetingMode.Server, ModeReason.Alone), await ModeAndReasonAsync(ada));
    }

    [Fact]
    public async Task What_does_not_connect_in_time_stays_on_the_server_and_is_tried_again_later_and_later()
    {
        var (ada, bob, link) = await ConnectingAsync();
        await ReportAsync(ada, link, LinkState.Ready);
        TimeSpan[] waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(25), TimeSpan.FromHours(1), TimeSpan.FromHours(1)];
        foreach (var wait in waits)
        {
            await PassAsync(TimeSpan.FromSeconds(5));
            Assert.Equal(new LinkEnded(link, LinkEndReason.Failed), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
            Assert.Equal((MeetingMode.Server, ModeReason.LinkFailed), await ModeAndReasonAsync(ada));
            await PassAsync(wait - TimeSpan.FromMilliseconds(1));
            await bob.SayAsync("meanwhile");
            Assert.DoesNotContain(MeetingEvents.LinkStarted, ada.Link.Unread());
            await PassAsync(TimeSpan.FromMilliseconds(1));
            link = ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;
        }

        Assert.Empty(await RecordedAsync());
    }

    [Fact]
    public async Task A_link_that_breaks_brings_the_server_back_at_once()
    {
        var (ada, bob, link) = await LiveAsync();
        await PassAsync(TimeSpan.FromMinutes(10));
        await ReportAsync(bob, link, LinkState.Failed);
        Assert.Equal(new LinkEnded(link, LinkEndReason.Failed), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal((MeetingMode.Server, ModeReason.Settling), await ModeAndReasonAsync(ada));
        await PassAsync(Calm);
        link = ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;

        // One that breaks as soon as it is there does not flap.
        await ReportAsync(ada, link, LinkState.Ready);
        await ReportAsync(bob, link, LinkState.Ready);
        await ReportAsync(ada, link, LinkState.Failed);
        ada.Link.Drain();
        await PassAsync(TimeSpan.FromSeconds(59));
        await ada.SayAsync("calm");
        Assert.DoesNotContain(MeetingEvents.LinkStarted, ada.Link.Unread());
    }

    [Fact]
    public async Task A_page_that_was_reloaded_has_lost_its_link_and_gets_another_after_the_calm()
    {
        var (ada, bob, link) = await LiveAsync();
        _meeting.Disconnected(bob.Link);
        var back = await JoinAsync("Bob", token: bob.Joined.ResumeToken);
        Assert.Equal(new LinkEnded(link, LinkEndReason.Replaced), await ada.Link.UntilAsync(MeetingEvents.LinkEnded));
        Assert.Equal((MeetingMode.Server, ModeReason.Settling), await ModeAndReasonAsync(back));
        await PassAsync(Calm);
        Assert.NotEqual(link, ((LinkStarted)(await back.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId);
    }

    [Fact]
    public async Task Who_loses_only_the_signalling_keeps_the_link()
    {
        var (ada, bob, link) = await LiveAsync();
        _meeting.Disconnected(bob.Link);
        await ada.SayAsync("are you there?");
        Assert.DoesNotContain(ada.Link.Drain(), told => told.Name is MeetingEvents.LinkEnded or MeetingEvents.ModeChanged);
        var back = await JoinAsync("Bob", token: bob.Joined.ResumeToken, linkId: link);
        Assert.Equal(MeetingMode.PeerToPeer, back.Joined.Meeting.Mode.Mode);
        Assert.True((await _meeting.SignalLinkAsync(back.Link, new LinkSignal(link, Restart: true))).Value);
        Assert.True(((LinkSignal)(await ada.Link.UntilAsync(MeetingEvents.LinkSignal))!).Restart);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_two_go_back_to_it_and_then_to_a_new_link()
    {
        var (ada, bob, link) = await LiveAsync();
        await _server.StartAsync();
        _meeting = await _server.FindAsync(_meeting.Id);
        ada = await JoinAsync("Ada", token: ada.Joined.ResumeToken, linkId: link);
        Assert.Equal((MeetingMode.Server, ModeReason.Started), (ada.Joined.Meeting.Mode.Mode, ada.Joined.Meeting.Mode.Reason));
        bob = await JoinAsync("Bob", token: bob.Joined.ResumeToken, linkId: link);
        Assert.DoesNotContain(MeetingEvents.LinkEnded, ada.Link.Unread());

        // Neither has sent an offer yet; who is not told of the mix goes on hearing the link beside it, each voice twice.
        Assert.Equal([(ada.Id, bob.Id), (bob.Id, ada.Id)], _server.Media.Meetings[_meeting.Id].Awaited);
        await ReportAsync(ada, link, LinkState.Released);
        await ReportAsync(bob, link, LinkState.Released);
        Assert.Equal(new LinkEnded(link, LinkEndReason.Released), await bob.Link.UntilAsync(MeetingEvents.LinkEnded));
        await PassAsync(Calm);
        Assert.NotEqual(link, ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId);
        Assert.Equal([MeetingMode.PeerToPeer, MeetingMode.Server], await RecordedAsync());
    }

    [Fact]
    public async Task A_host_pins_the_mode_and_nobody_else()
    {
        var (ada, bob, link) = await LiveAsync();
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetModeAsync(bob.Link, ModePin.Server)).Error?.Code);
        Assert.Equal(ErrorCodes.RequestInvalid, (await _meeting.SetModeAsync(ada.Link, (ModePin)7)).Error?.Code);
        Assert.True((await _meeting.SetModeAsync(ada.Link, ModePin.Server)).Value);
        Assert.Equal((MeetingMode.Server, ModeReason.Pinned), await ModeAndReasonAsync(bob));
        await ReportAsync(ada, link, LinkState.Released);
        await ReportAsync(bob, link, LinkState.Released);
        await ada.Link.UntilAsync(MeetingEvents.LinkEnded);

        // No calm is waited for when a host asks for it.
        Assert.True((await _meeting.SetModeAsync(ada.Link, ModePin.PeerToPeer)).Value);
        Assert.Equal(bob.Id, ((LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).PeerId);
    }

    [Fact]
    public async Task A_disk_that_fails_holds_no_mode_up()
    {
        var (ada, bob, link) = await ConnectingAsync();
        _server.Records.Failing = true;
        await ReportAsync(ada, link, LinkState.Ready);
        await ReportAsync(bob, link, LinkState.Ready);
        Assert.Equal(MeetingMode.PeerToPeer, (await ModeAsync(ada)).Mode);
    }

    private async Task<(Guest Ada, Guest Bob, string LinkId)> ConnectingAsync()
    {
        await _server.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret, peerToPeer: true);
        var bob = await JoinAsync("Bob");
        var first = (LinkStarted)(await ada.Link.UntilAsync(MeetingEvents.LinkStarted))!;
        var second = (LinkStarted)(await bob.Link.UntilAsync(MeetingEvents.LinkStarted))!;
        Assert.Equal(first.LinkId, second.LinkId);
        Assert.Equal((bob.Id, true, "stun:Ada.example"), (first.PeerId, first.Offers, first.IceServers[0].Urls[0]));
        Assert.Equal((ada.Id, false, "stun:Bob.example"), (second.PeerId, second.Offers, second.IceServers[0].Urls[0]));
        ada.Link.Drain();
        bob.Link.Drain();
        return (ada, bob, first.LinkId);
    }

    private async Task<(Guest Ada, Guest Bob, string LinkId)> LiveAsync()
    {
        var (ada, bob, link) = await ConnectingAsync();
        await ReportAsync(ada, link, LinkState.Ready);
        await ReportAsync(bob, link, LinkState.Ready);
        Assert.Equal(MeetingMode.PeerToPeer, (await ModeAsync(ada)).Mode);
        Assert.Equal(MeetingMode.PeerToPeer, (await ModeAsync(bob)).Mode);
        return (ada, bob, link);
    }

    private Task<Guest> JoinAsync(string name, string? token = null, string? linkId = null) =>
        Guest.JoinAsync(_meeting, name, token: token, peerToPeer: true, linkId: linkId);

    /// <summary>Lets time pass once the meeting has done what it was asked, its timers included.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await _meeting.ReadPathAsync(new Asker(null));
        _server.Time.Advance(time);
    }

    private async Task ReportAsync(Guest guest, string link, LinkState state) =>
        Assert.Null((await _meeting.ReportLinkAsync(guest.Link, new LinkReport(link, state))).Error);

    private static async Task<ModeState> ModeAsync(Guest guest) => (ModeState)(await guest.Link.UntilAsync(MeetingEvents.ModeChanged))!;

    private static async Task<(MeetingMode Mode, ModeReason Reason)> ModeAndReasonAsync(Guest guest)
    {
        var mode = await ModeAsync(guest);
        return (mode.Mode, mode.Reason);
    }

    private async Task<IEnumerable<MeetingMode>> RecordedAsync() =>
        (await _server.Records.ReadAsync(_meeting.Id, TestContext.Current.CancellationToken))!.Modes.Select(change => change.Mode);
}
