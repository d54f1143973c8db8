using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

/// <summary>What two tell each other over the server, and what they may not.</summary>
public sealed class LinkTests
{
    private static readonly LinkDescription Offer = new("offer", "v=0");

    private readonly MeetingFixture _server = new();
    private Meeting _meeting = null!;
    private Guest _ada = null!;
    private Guest _bob = null!;
    private string _link = "";

    [Fact]
    public async Task Signals_reach_the_other_end_alone_and_as_they_were()
    {
        await ConnectAsync();
        var offer = new LinkSignal(_link, Offer);
        var candidate = new LinkSignal(_link, Candidate: new LinkCandidate("candidate:1 1 udp 1 192.0.2.1 9 typ host", "0", 0, "abcd"));
        Assert.True((await _meeting.SignalLinkAsync(_ada.Link, offer)).Value);
        Assert.True((await _meeting.SignalLinkAsync(_bob.Link, candidate)).Value);
        Assert.Equal(offer, await _bob.Link.UntilAsync(MeetingEvents.LinkSignal));
        Assert.Equal(candidate, await _ada.Link.UntilAsync(MeetingEvents.LinkSignal));
        Assert.Empty(_ada.Link.Unread());
    }

    [Fact]
    public async Task A_third_person_an_older_link_and_somebody_outside_are_refused()
    {
        await ConnectAsync();
        var before = _link;
        var (other, _) = await _server.CreateAsync("Another");
        var stranger = await Guest.JoinAsync(other, "Mallory", peerToPeer: true);
        Assert.Equal(ErrorCodes.LinkUnknown, await WhyNotAsync(other, stranger, new LinkSignal(_link, Offer)));
        Assert.Equal(ErrorCodes.NotJoined, await WhyNotAsync(_meeting, stranger, new LinkSignal(_link, Offer)));

        var eve = await Guest.JoinAsync(_meeting, "Eve", peerToPeer: true);
        Assert.Equal(ErrorCodes.LinkUnknown, await WhyNotAsync(_meeting, eve, new LinkSignal(_link, Offer)));
        Assert.Equal(ErrorCodes.LinkUnknown, (await _meeting.ReportLinkAsync(eve.Link, new LinkReport(_link, LinkState.Ready))).Error?.Code);
        await _meeting.LeaveAsync(eve.Link);
        await _meeting.ReadPathAsync(new Asker(null));
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        _link = ((LinkStarted)(await _ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;
        await _bob.Link.UntilAsync(MeetingEvents.LinkStarted);

        // A signal of before, said again.
        Assert.Equal(ErrorCodes.LinkUnknown, await WhyNotAsync(_meeting, _ada, new LinkSignal(before, Offer)));
        Assert.DoesNotContain(MeetingEvents.LinkSignal, _bob.Link.Unread());
        Assert.True((await _meeting.SignalLinkAsync(_ada.Link, new LinkSignal(_link, Offer))).Value);
    }

    [Fact]
    public async Task Signals_of_no_form_or_no_measure_are_refused_and_nothing_is_passed_on()
    {
        await ConnectAsync();
        LinkSignal[] wrong =
        [
            new(null, Offer),
            new(new string('x', 65), Offer),
            new(_link),
            new(_link, Offer, Restart: true),
            new(_link, new LinkDescription("rollback", "v=0")),
            new(_link, new LinkDescription("offer", "")),
            new(_link, new LinkDescription("offer", null)),
            new(_link, new LinkDescription("offer", new string('x', 1_000_000))),
            new(_link, Candidate: new LinkCandidate(null)),
            new(_link, Candidate: new LinkCandidate(new string('x', 2_001))),
            new(_link, Candidate: new LinkCandidate("", new string('x', 17))),
            new(_link, Candidate: new LinkCandidate("", UsernameFragment: new string('x', 257))),
        ];
        foreach (var signal in wrong) Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(_meeting, _ada, signal));
        Assert.Empty(_bob.Link.Unread());
    }

    [Fact]
    public async Task A_link_carries_so_many_signals_and_no_more()
    {
        await ConnectAsync();
        for (var i = 0; i < 300; i++) Assert.Null(await WhyNotAsync(_meeting, i % 2 == 0 ? _ada : _bob, new LinkSignal(_link, Restart: true)));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync(_meeting, _ada, new LinkSignal(_link, Restart: true)));
    }

    [Fact]
    public async Task Paths_are_reported_and_their_addresses_told_to_members_only()
    {
        await ConnectAsync();
        var report = new PathReport(
            _link, new PathEnd("192.0.2.1", 50_000, "host", "udp"), new PathEnd("198.51.100.7", 60_000, "srflx", "udp"), RoundTrip: 12, Loss: 0.01);
        Assert.True((await _meeting.ReportPathAsync(_ada.Link, report)).Value);
        await _meeting.OfferAsync(_ada.Link, "v=0");
        _server.Media.Meetings[_meeting.Id].Counts = new MediaCounts(1, 2, 3, 4);
        _server.Media.Meetings[_meeting.Id].Events.OnMediaState(_ada.Id, MediaConnectionState.Failed, "broken");
        Assert.Equal(MediaConnectionState.Failed, ((Participant)(await _bob.Link.UntilAsync(MeetingEvents.ParticipantChanged))!).ServerLeg);

        var seen = (await _meeting.ReadPathAsync(new Asker(_bob.Joined.ResumeToken))).Value!;
        Assert.Equal(new MediaCounts(1, 2, 3, 4), seen.Media);
        Assert.Equal(ModeReason.TwoPeople, seen.Mode.Reason);
        Assert.Equal(new ParticipantPath(_ada.Id, "Ada", MediaConnectionState.Failed, report), seen.Participants[0]);
        Assert.Null(seen.Participants[1].Report);
        foreach (var secret in new[] { null, "", "wrong" })
        {
            var told = (await _meeting.ReadPathAsync(new Asker(secret))).Value!.Participants[0].Report!;
            Assert.Equal((null, 0, "host"), (told.Local!.Address, told.Local.Port, told.Local.Type));
            Assert.Equal((null, 0, "srflx"), (told.Remote!.Address, told.Remote.Port, told.Remote.Type));
        }
    }

    [Fact]
    public async Task Paths_of_no_form_are_refused()
    {
        await ConnectAsync();
        var end = new PathEnd("192.0.2.1", 1, "host", "udp");
        PathReport[] wrong =
        [
            new("", end, end), new(null, null, end), new(null, end, end with { Address = "" }), new(null, end, end with { Address = new string('1', 101) }),
            new(null, end with { Port = 65_536 }, end), new(null, end with { Type = "hosts" }, end), new(null, end with { Protocol = "sctp" }, end),
            new(null, end, end, RelayProtocol: "quic"), new(null, end, end, Loss: 1.1), new(null, end, end, Loss: double.NaN), new(null, end, end, RoundTrip: -1),
            new(null, end, end, VideoCodec: new string('x', 33)),
        ];
        foreach (var report in wrong)
            Assert.Equal(ErrorCodes.RequestInvalid, (await _meeting.ReportPathAsync(_ada.Link, report)).Error?.Code);
    }

    private async Task ConnectAsync()
    {
        await _server.StartAsync();
        (_meeting, _) = await _server.CreateAsync();
        _ada = await Guest.JoinAsync(_meeting, "Ada", peerToPeer: true);
        _bob = await Guest.JoinAsync(_meeting, "Bob", peerToPeer: true);
        _link = ((LinkStarted)(await _ada.Link.UntilAsync(MeetingEvents.LinkStarted))!).LinkId;
        await _bob.Link.UntilAsync(MeetingEvents.LinkStarted);
        _ada.Link.Drain();
        _bob.Link.Drain();
    }

    private static async Task<string?> WhyNotAsync(Meeting meeting, Guest guest, LinkSignal signal) =>
        (await meeting.SignalLinkAsync(guest.Link, signal)).Error?.Code;
}
