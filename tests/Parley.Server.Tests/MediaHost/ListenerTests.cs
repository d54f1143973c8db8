using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Parley.Protocol;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.MediaHost;

/// <summary>Whole meetings over the real media plane, with clients that send what they may not.</summary>
public sealed class ListenerTests : IAsyncLifetime
{
    private readonly MediaPlane _plane = new(
        Options.Create(new ParleyOptions { Media = new MediaOptions { Port = 0, Workers = 1, Addresses = { "127.0.0.1" } } }),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private readonly List<LoopbackBrowser> _browsers = [];
    private MeetingFixture _server = null!;
    private Meeting _meeting = null!;
    private string _secret = "";
    private int _filmed;

    public async ValueTask InitializeAsync()
    {
        await _plane.StartAsync(TestContext.Current.CancellationToken);
        _server = await new MeetingFixture { Plane = _plane }.StartAsync();
        (_meeting, _secret) = await _server.CreateAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        _plane.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_a_listener_sends_is_dropped_and_counted_also_over_a_new_connection()
    {
        var (ada, bob, viewer, sender) = await TwoAsync();
        Assert.Null((await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Listener)).Soon()).Error);
        await SendsInVainAsync(bob, sender, viewer, 20);

        // The page loaded again: its offer is answered, it connects, and no more comes through.
        var again = await ConnectAsync(bob);
        await SendsInVainAsync(bob, again, viewer, 20);

        Assert.Null((await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Participant)).Soon()).Error);
        await SendsInVainAsync(bob, again, viewer, 40);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, new MediaState(false, true)).Soon()).Error);
        var before = viewer.CountOf(viewer.SlotSsrc);
        again.Film();
        viewer.WaitForVideo(before + 1);
    }

    [Fact]
    public async Task A_camera_whose_right_is_taken_is_not_forwarded_whatever_the_client_sends()
    {
        var (ada, bob, viewer, sender) = await TwoAsync();
        Assert.Null((await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Rights.All with { Camera = false })).Soon()).Error);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(bob.Link, new MediaState(false, true)).Soon()).Error?.Code);
        await SendsInVainAsync(bob, sender, viewer, 20);
    }

    [Fact]
    public async Task The_sound_of_a_screen_that_may_not_be_shared_is_not_mixed_whatever_the_client_claims()
    {
        var (ada, bob, _, sender) = await TwoAsync();
        var shares = new MediaState(false, false, Screen: true, ScreenAudio: true);
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, shares).Soon()).Error);
        await SaysAsync(bob, sender, dropped: 0);

        // The right is taken, and with it the sound at once.
        Assert.Null((await _meeting.ChangeSettingsAsync(ada.Link, new SettingsChange(Rights.All with { Screen = false })).Soon()).Error);
        await SaysAsync(bob, sender, dropped: 20);
        Assert.Equal(ErrorCodes.NotAllowed, (await _meeting.SetMediaAsync(bob.Link, shares).Soon()).Error?.Code);
        await SaysAsync(bob, sender, dropped: 40);
        // Sound without a screen is none.
        Assert.Null((await _meeting.SetMediaAsync(bob.Link, new MediaState(false, false, Screen: false, ScreenAudio: true)).Soon()).Error);
        await SaysAsync(bob, sender, dropped: 60);
        Assert.Null((await _meeting.SetRoleAsync(ada.Link, new SetRole(bob.Id, Role.Listener)).Soon()).Error);
        await SaysAsync(bob, sender, dropped: 80);
    }

    [Fact]
    public async Task Who_was_removed_sends_to_nobody()
    {
        var (ada, bob, viewer, sender) = await TwoAsync();
        var before = viewer.CountOf(viewer.SlotSsrc);
        Assert.Null((await _meeting.RemoveAsync(ada.Link, new RemoveParticipant(bob.Id, MayReturn: false)).Soon()).Error);
        for (var i = 0; i < 20; i++) sender.Film();
        // Behind those, on the same thread, what Eve sends reaches Ada.
        var eve = await Guest.JoinAsync(_meeting, "Eve", MeetingFixture.On);
        var other = await ConnectAsync(eve);
        Assert.Null((await _meeting.SetViewAsync(ada.Link, [View(eve.Id)]).Soon()).Error);
        other.Film();
        viewer.WaitForVideo(before + 1);
        Assert.Equal(before + 1, viewer.CountOf(viewer.SlotSsrc));
    }

    /// <summary>Sends so many that all are dropped, and nobody sees one.</summary>
    /// <param name="dropped">As many as have been dropped of this connection then.</param>
    private async Task SendsInVainAsync(Guest who, LoopbackBrowser sender, LoopbackBrowser viewer, int dropped)
    {
        var before = viewer.CountOf(viewer.SlotSsrc);
        for (var i = 0; i < 20; i++) sender.Film();
        await DroppedAsync(who, dropped);
        Assert.Equal(before, viewer.CountOf(viewer.SlotSsrc));
    }

    /// <summary>Sends twenty packets of sound with the microphone off. Behind them comes one of a camera that is off, so that all have been looked at when it was dropped.</summary>
    /// <param name="dropped">As many of the sound have been dropped of this connection then.</param>
    private async Task SaysAsync(Guest who, LoopbackBrowser sender, int dropped)
    {
        for (var i = 0; i < 20; i++) sender.Say();
        sender.Film();
        await DroppedAsync(who, dropped + ++_filmed);
    }

    private async Task DroppedAsync(Guest who, int count)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var read = (await _meeting.ReadStatisticsAsync(new Asker(_secret)).Soon()).Value!;
            var dropped = read.Participants.Single(one => one.ParticipantId == who.Id).Transport!.Rtp.Dropped;
            if (dropped.GetValueOrDefault("sourceOff") == count) return;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"In vain: {string.Join(", ", dropped)}");
        }
    }

    /// <summary>Ada, who is host and sees Bob.</summary>
    private async Task<(Guest Ada, Guest Bob, LoopbackBrowser Viewer, LoopbackBrowser Sender)> TwoAsync()
    {
        var ada = await Guest.JoinAsync(_meeting, "Ada", secret: _secret);
        var bob = await Guest.JoinAsync(_meeting, "Bob", MeetingFixture.On);
        var (viewer, sender) = (await ConnectAsync(ada), await ConnectAsync(bob));
        Assert.Null((await _meeting.SetViewAsync(ada.Link, [View(bob.Id)]).Soon()).Error);
        sender.Film();
        viewer.WaitForVideo(1);
        return (ada, bob, viewer, sender);
    }

    private async Task<LoopbackBrowser> ConnectAsync(Guest guest)
    {
        var browser = new LoopbackBrowser(Assert.Single(_plane.Workers).Port);
        _browsers.Add(browser);
        var answer = (await _meeting.OfferAsync(guest.Link, browser.Offer()).Soon()).Value!;
        browser.Connect(answer.Sdp!);
        browser.WaitForKeys();
        while ((await guest.Link.UntilAsync(Protocol.MeetingEvents.MediaState) as MediaConnectionChanged)!.State != MediaConnectionState.Connected)
        {
        }

        return browser;
    }

    private static SlotView View(string participant) => new("3", participant, VideoSourceKind.Camera, 320, 180);
}
