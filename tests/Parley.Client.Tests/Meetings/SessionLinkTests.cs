using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>The link to the one other participant, on a clock and a server of the test's.</summary>
public sealed class SessionLinkTests
{
    private readonly FakeHub _hub = new();
    private readonly FakeLegs _legs = new();
    private readonly FakePeerLinks _links = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ModeState Direct { get; } = new(MeetingMode.PeerToPeer, ModePin.Auto, ModeReason.TwoPeople, DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_link_is_made_told_and_ended_as_the_server_says()
    {
        await using var session = await JoinAsync();
        var hub = await _hub.NextLinkAsync();
        var heard = new EventReader(session);
        Assert.True(((JoinRequest)(await hub.CallOfAsync("join"))[0]!).Abilities!.PeerToPeer);
        await session.ShowAsync([new ViewRequest("bob", VideoSourceKind.Camera, 320, 180)], Cancellation).Soon();
        hub.Tell(MeetingEvents.LinkStarted, Started("one"));
        var link = await _links.NextAsync();
        await link.IsToldAsync("sending False False");
        await link.IsToldAsync("view True False");
        await link.IsToldAsync("start");

        link.Signal(new LinkSignal("one", new LinkDescription("offer", "sdp")));
        Assert.Equal(new LinkSignal("one", new LinkDescription("offer", "sdp")), (await hub.CallOfAsync("signalLink"))[0]);
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("another", Restart: true));
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("one", new LinkDescription("answer", "theirs")));
        await link.IsToldAsync("answer theirs");
        hub.Tell(MeetingEvents.ParticipantChanged, FakeHub.Person("bob", mic: true));
        await link.IsToldAsync("peer mic True");

        link.Report(LinkState.Ready);
        Assert.Equal(new LinkReport("one", LinkState.Ready), (await hub.CallOfAsync("reportLink"))[0]);
        link.Play(true);
        Assert.Equal(MeetingMode.PeerToPeer, (await heard.UntilAsync<PathChanged>()).Path);
        hub.Tell(MeetingEvents.ModeChanged, Direct);
        Assert.Equal(Direct, (await heard.UntilAsync<ModeChanged>()).Mode);
        Assert.Equal(Direct, session.Mode);
        await link.IsToldAsync("PeerToPeer");
        await session.SetMediaAsync(false, true, Cancellation).Soon();
        await link.IsToldAsync("sending False True");

        hub.Tell(MeetingEvents.InMix, new InMix("somebody", 1));
        hub.Tell(MeetingEvents.InMix, new InMix("bob", 2));
        await link.IsToldAsync("in mix 2");
        hub.Tell(MeetingEvents.LinkEnded, new LinkEnded("another", LinkEndReason.Failed));
        hub.Tell(MeetingEvents.LinkEnded, new LinkEnded("one", LinkEndReason.Released));
        await link.WhenDisposed;
        Assert.Equal(MeetingMode.Server, (await heard.UntilAsync<PathChanged>()).Path);
    }

    [Fact]
    public async Task A_link_lives_on_without_the_server_and_is_named_when_it_is_back()
    {
        await using var session = await JoinAsync();
        var hub = await _hub.NextLinkAsync();
        hub.Tell(MeetingEvents.LinkStarted, Started("one"));
        var link = await _links.NextAsync();
        link.Report(LinkState.Ready);
        await hub.CallOfAsync("reportLink");
        _hub.Mode = Direct;
        _hub.Participants = [FakeHub.Person("me"), FakeHub.Person("bob", mic: true)];
        (await _hub.LoseAsync(hub)).Fire();
        await link.IsToldAsync("no signalling");
        hub = await _hub.NextLinkAsync();
        Assert.Equal("one", ((JoinRequest)(await hub.CallOfAsync("join"))[0]!).LinkId);
        await link.IsToldAsync("signalling");
        await link.IsToldAsync("peer mic True");
        await link.IsToldAsync("PeerToPeer");
        Assert.Equal(new LinkReport("one", LinkState.Ready), (await hub.CallOfAsync("reportLink"))[0]);
        Assert.False(link.IsDisposed);

        // One that is dead is not named.
        link.IsAlive = false;
        (await _hub.LoseAsync(hub)).Fire();
        hub = await _hub.NextLinkAsync();
        Assert.Null(((JoinRequest)(await hub.CallOfAsync("join"))[0]!).LinkId);
    }

    [Fact]
    public async Task What_the_server_does_not_know_is_gone_back_from_and_then_ended()
    {
        await using var session = await JoinAsync();
        var hub = await _hub.NextLinkAsync();
        hub.Tell(MeetingEvents.LinkStarted, Started("one"));
        var link = await _links.NextAsync();
        _hub.Answer = (_, method, _) => method is "reportLink" or "signalLink"
            ? Task.FromResult<object>(new Reply<bool>(false, new ProtocolError(ErrorCodes.LinkUnknown, "There is no such link.")))
            : null;
        link.Signal(new LinkSignal("one", Restart: true));
        await link.IsToldAsync("forgotten");
        link.Report(LinkState.Released);
        (await _hub.Time.NextAsync(due => due == TimeSpan.FromSeconds(3))).Fire();
        await link.WhenDisposed;
    }

    [Fact]
    public async Task A_place_that_was_lost_has_lost_its_link()
    {
        await using var session = await JoinAsync();
        var hub = await _hub.NextLinkAsync();
        hub.Tell(MeetingEvents.LinkStarted, Started("one"));
        var link = await _links.NextAsync();
        (_hub.Resumes, _hub.OwnId, _hub.Participants) = (false, "me2", [FakeHub.Person("me2"), FakeHub.Person("bob")]);
        (await _hub.LoseAsync(hub)).Fire();
        await link.IsToldAsync("forgotten");
        hub = await _hub.NextLinkAsync();
        _hub.Participants = [FakeHub.Person("me2")];
        (await _hub.LoseAsync(hub)).Fire();
        await link.WhenDisposed;
    }

    [Fact]
    public async Task A_new_link_replaces_the_old_and_those_that_make_no_sense_are_not_made()
    {
        await using var session = await JoinAsync();
        var hub = await _hub.NextLinkAsync();
        hub.Tell(MeetingEvents.LinkStarted, Started("one") with { PeerId = "nobody" });
        hub.Tell(MeetingEvents.LinkStarted, Started("one") with { PeerId = "me" });
        hub.Tell(MeetingEvents.LinkStarted, Started(new string('x', 201)));
        hub.Tell(MeetingEvents.LinkStarted, Started("one") with { IceServers = [.. Enumerable.Repeat(new Protocol.IceServer(["stun:192.0.2.1"]), 9)] });
        hub.Tell(MeetingEvents.LinkStarted, Started("two"));
        var two = await _links.NextAsync();
        Assert.Equal("two", two.LinkId);
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("two", new LinkDescription("offer", new string('x', 64_001))));
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("two", new LinkDescription("pranswer", "sdp")));
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("two", Candidate: new LinkCandidate(new string('x', 2_001))));
        hub.Tell(MeetingEvents.LinkSignal, new LinkSignal("two"));
        hub.Tell(MeetingEvents.LinkStarted, Started("three"));
        await two.WhenDisposed;
        Assert.Equal("three", (await _links.NextAsync()).LinkId);
        await Assert.ThrowsAnyAsync<Exception>(() => two.IsToldAsync("restart").WaitAsync(TimeSpan.Zero, Cancellation));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Who_does_not_want_to_be_known_by_address_has_no_link(bool peerToPeer, bool relayOnly)
    {
        var options = new JoinOptions { Name = "me", PeerToPeer = peerToPeer, RelayOnly = relayOnly };
        await using var session = await _hub.JoinAsync(options, _legs.Create, _links.Create);
        var hub = await _hub.NextLinkAsync();
        Assert.False(((JoinRequest)(await hub.CallOfAsync("join"))[0]!).Abilities!.PeerToPeer);
        hub.Tell(MeetingEvents.LinkStarted, Started("one"));
        Assert.Equal(new LinkReport("one", LinkState.Failed), (await hub.CallOfAsync("reportLink"))[0]);
    }

    private static LinkStarted Started(string id) => new(id, "bob", true, [new Protocol.IceServer(["stun:192.0.2.1:3478"])]);

    private Task<MeetingSession> JoinAsync() => _hub.JoinAsync(new JoinOptions { Name = "me", Mic = true }, _legs.Create, _links.Create);
}
