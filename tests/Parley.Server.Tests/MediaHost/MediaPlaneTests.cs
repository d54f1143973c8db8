using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Parley.Media;
using Parley.Media.Session;
using Parley.Media.Stun;
using Parley.Protocol;
using Parley.Server.Api;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.MediaHost;

/// <summary>The whole media plane on loopback, with clients that speak the real protocols.</summary>
public sealed class MediaPlaneTests : IAsyncLifetime
{
    private static readonly MediaState On = new(true, true);

    private readonly MediaPlane _plane = Make(0);
    private readonly List<LoopbackBrowser> _browsers = [];

    private MediaWorker Worker => Assert.Single(_plane.Workers);

    public async ValueTask InitializeAsync() => await _plane.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) browser.Dispose();
        _plane.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_may_be_stopped_and_disposed_of_again_and_again()
    {
        await _plane.StopAsync(TestContext.Current.CancellationToken);
        await _plane.StopAsync(TestContext.Current.CancellationToken);
        _plane.Dispose();
        _plane.Dispose();
        Assert.Empty(_plane.Workers);
    }

    [Fact]
    public void One_that_was_never_started_can_be_disposed_of() => Make(0).Dispose();

    [Fact]
    public async Task A_port_in_use_is_named_in_one_sentence()
    {
        using var other = Make(Worker.Port);
        var refused = await Assert.ThrowsAsync<StartException>(() => other.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"Parley:Media:Port {Worker.Port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_meeting_lives_on_one_worker_and_names_its_ports_only()
    {
        using var plane = Make(0, media => media.Workers = 3);
        await plane.StartAsync(TestContext.Current.CancellationToken);
        var meetings = new List<IMeetingMedia>();
        for (var i = 0; i < 3; i++)
        {
            meetings.Add(plane.Open($"m{i}", new MeetingEvents()));
            await AnswerAsync(meetings[i], "a", Browser());
        }

        Assert.All(plane.Workers, worker => Assert.Equal((1, 1), (worker.Meetings, worker.Connections)));
        for (var i = 0; i < 3; i++)
        {
            var answer = await AnswerAsync(meetings[i], "b", Browser());
            var its = plane.Workers.Where(worker => answer.Contains($" 127.0.0.1 {worker.Port} typ host\r\n", StringComparison.Ordinal)).ToList();
            Assert.Contains($" {Assert.Single(its).Tcp!.Port} typ host tcptype passive\r\n", answer, StringComparison.Ordinal);
            Assert.Equal(2, its[0].Connections);
        }

        // Who leaves makes room, and the next meeting comes where there is the most of it.
        meetings[1].Remove("a");
        meetings[1].Remove("a");
        meetings[1].Close();
        meetings[1].Close();
        var free = Assert.Single(plane.Workers, worker => worker.Connections == 0);
        plane.Open("m3", new MeetingEvents());
        Assert.Equal((1, 0), (free.Meetings, free.Connections));
        plane.Open("m4", new MeetingEvents()).Close();
        Assert.Equal(1, free.Meetings);
    }

    [Fact]
    public async Task Media_of_two_workers_flows_at_once()
    {
        using var plane = Make(0, media => media.Workers = 2);
        await plane.StartAsync(TestContext.Current.CancellationToken);
        var (_, _, first, firstViewer) = await MeetAsync("one", on: plane);
        var (_, _, second, secondViewer) = await MeetAsync("two", on: plane);
        Assert.All(plane.Workers, worker => Assert.Equal((1, 2), (worker.Meetings, worker.Connections)));
        for (var i = 0; i < 10; i++)
        {
            first.Film();
            second.Film();
        }

        firstViewer.WaitForVideo(11);
        secondViewer.WaitForVideo(11);

        // What is sent is counted when the call is over, and may have come before.
        Assert.All(plane.Workers, worker => Conditions.Poll(() => worker.Sent.Datagrams > 10, "its share"));
    }

    [Fact]
    public async Task What_is_counted_can_be_read_while_it_flows()
    {
        var (_, meeting, sender, viewer) = await MeetAsync("one");
        for (var i = 0; i < 9; i++) sender.Film();
        viewer.WaitForVideo(10);
        var read = await meeting.ReadAsync().Soon();
        Assert.Equal(["a", "b"], read.Transports.Keys.Order());
        var (up, down) = (read.Transports["a"].Rtp, read.Transports["b"].Rtp);

        // Beside the pictures there is the mix.
        Assert.Equal((10, read.Rtp.Received), (up.Received.Packets, up.Received));
        Assert.True(down.Sent is { Packets: >= 10, Bytes: > 0 } && read.Rtp.Sent is { Packets: >= 10, Bytes: > 0 }, $"{read.Rtp.Sent}, {down.Sent}");
        Assert.True(read.Transports["a"].Since < read.At);
        Assert.Equal((0, 1), (read.Transports["a"].Path.Pictures, read.Transports["b"].Path.Pictures));
        Assert.Empty(up.Dropped);

        meeting.SetMedia("a", new MediaState(false, false));
        sender.Film();
        await ReadUntilAsync(meeting, () => { }, read => read.Transports["a"].Rtp.Dropped.GetValueOrDefault("sourceOff") == 1);
        Assert.Equal(1, (await meeting.ReadAsync().Soon()).Rtp.Dropped["sourceOff"]);

        // Who has left is no longer read, and what they were sent still counts.
        meeting.Remove("b");
        var after = await meeting.ReadAsync().Soon();
        Assert.Equal(["a"], after.Transports.Keys);
        Assert.True(after.Rtp.Sent.Packets >= read.Rtp.Sent.Packets, $"{after.Rtp.Sent}");
    }

    [Fact]
    public async Task How_long_the_packets_of_a_meeting_were_here_is_told_for_each_meeting()
    {
        var (_, meeting, sender, viewer) = await MeetAsync("one");
        var delays = ((MeetingMedia)_plane.Open("another", new MeetingEvents())).Delays;
        var (turned, frames) = (_plane.Clock.Now, 1);
        var read = await ReadUntilAsync(
            meeting,
            () =>
            {
                sender.Film();
                viewer.WaitForVideo(++frames);
                var until = turned += TimeSpan.FromSeconds(10);
                Worker.Post(() =>
                {
                    ((MeetingMedia)meeting).Delays.Turn(until);
                    delays.Turn(until);
                });
            },
            read => read.Delay is not null);
        Assert.True(read.Delay is { P50: > 0, Max: > 0 }, $"{read.Delay}");
        Assert.Equal(0, delays.Count);
    }

    [Fact]
    public async Task Given_ports_are_counted_up_and_one_in_use_is_named_with_the_reason()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var taken = new UdpClient(0, AddressFamily.InterNetwork);
            var second = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
            using var plane = Make(second - 1, media => media.Workers = 2);
            var refused = await Assert.ThrowsAsync<StartException>(() => plane.StartAsync(TestContext.Current.CancellationToken));
            Assert.Empty(plane.Workers);
            taken.Dispose();
            try
            {
                await plane.StartAsync(TestContext.Current.CancellationToken);
            }
            catch (StartException) when (attempt < 50)
            {
                // Somebody else has the one before, or has come after.
                continue;
            }

            Assert.Equal([(second - 1, second - 1), (second, second)], plane.Workers.Select(worker => (worker.Port, worker.Tcp!.Port)));
            Assert.Contains($"Parley:Media:Port {second} (UDP)", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"2 workers takes a port, from {second - 1} on", refused.Message, StringComparison.Ordinal);
            return;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("v=0\r\n")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")]
    public async Task An_offer_that_cannot_be_answered_is_refused_with_a_sentence(string offer)
    {
        var meeting = _plane.Open("m", new MeetingEvents());
        var outcome = await meeting.AnswerAsync("a", offer, On);
        Assert.Null(outcome.Answer);
        Assert.False(string.IsNullOrWhiteSpace(outcome.Error));
        Assert.NotNull(meeting.SetView("a", []));
        meeting.Close();
    }

    [Fact]
    public async Task A_view_of_unknown_slots_is_refused_with_a_sentence()
    {
        var meeting = _plane.Open("m", new MeetingEvents());
        await AnswerAsync(meeting, "a", Browser());
        Assert.Contains("'9'", meeting.SetView("a", [View("9", "b")]), StringComparison.Ordinal);
        Assert.Contains("twice", meeting.SetView("a", [View("3", "b"), View("3", "c")]), StringComparison.Ordinal);
        Assert.Null(meeting.SetView("a", [View("3", "nobody")]));
    }

    [Fact]
    public async Task Two_meet_over_the_real_port_while_garbage_rains_on_it()
    {
        var (events, meeting, sender, viewer) = await MeetAsync("m");
        using var stranger = new UdpClient(0, AddressFamily.InterNetwork);
        var random = new Random(1);
        var to = new IPEndPoint(IPAddress.Loopback, Worker.Port);
        var before = Enum.GetValues<DropReason>().Sum(Worker.Engine.Counters.Dropped);
        for (var i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(1, 1_400)];
            random.NextBytes(garbage);
            stranger.Send(garbage, to);
            sender.Film();
            viewer.WaitForVideo(i + 2);
        }

        Conditions.Poll(() => Enum.GetValues<DropReason>().Sum(Worker.Engine.Counters.Dropped) - before == 200, "every one of them counted");
        Assert.Equal(0, stranger.Available);
        Assert.DoesNotContain(events.States, told => told.State is MediaConnectionState.Failed or MediaConnectionState.Disconnected);
        meeting.Close();
    }

    [Fact]
    public async Task What_happens_in_one_meeting_is_not_seen_in_the_next()
    {
        var (_, _, sender, viewer) = await MeetAsync("one");
        var (_, other, otherSender, otherViewer) = await MeetAsync("two");
        for (var i = 0; i < 10; i++) otherSender.Film();
        otherViewer.WaitForVideo(11);
        other.Close();
        sender.Film();
        viewer.WaitForVideo(2);
        Assert.Equal(2, viewer.CountOf(viewer.SlotSsrc));
    }

    [Fact]
    public async Task Who_leaves_is_gone_from_the_slot_and_who_comes_back_is_shown_again()
    {
        var (events, meeting, _, viewer) = await MeetAsync("m");
        meeting.Remove("a");
        events.WaitForSlot("b", "3", null);

        var again = Browser();
        again.Connect(await AnswerAsync(meeting, "a", again));
        events.WaitFor("a", MediaConnectionState.Connected, times: 2);
        Assert.Null(meeting.SetView("b", [View("3", "a")]));
        var packets = viewer.CountOf(viewer.SlotSsrc);
        again.Film();
        viewer.WaitForVideo(packets + 1);
        events.WaitForSlot("b", "3", "a");
    }

    [Fact]
    public async Task A_new_transport_replaces_the_old_one_and_its_viewers_follow()
    {
        var (events, meeting, _, viewer) = await MeetAsync("m");
        var second = Browser();
        var outcome = await meeting.AnswerAsync("a", second.Offer(), On);
        Assert.True(outcome.IsNew);
        second.Connect(outcome.Answer!);
        events.WaitFor("a", MediaConnectionState.Connected, times: 2);
        var packets = viewer.CountOf(viewer.SlotSsrc);
        second.Film();
        viewer.WaitForVideo(packets + 1);
        events.WaitForSlot("b", "3", "a");
    }

    [Fact]
    public async Task The_same_transport_offers_again_and_goes_on()
    {
        var (events, meeting, sender, viewer) = await MeetAsync("m");
        Assert.False((await meeting.AnswerAsync("a", sender.Offer(), On)).IsNew);
        sender.Film();
        viewer.WaitForVideo(2);
        Assert.Single(events.States, told => told == ("a", MediaConnectionState.Connecting));
    }

    [Fact]
    public async Task An_ice_restart_moves_the_transport_and_keeps_everything_on_it()
    {
        var (events, meeting, sender, viewer) = await MeetAsync("m");
        var packets = viewer.CountOf(viewer.SlotSsrc);
        foreach (var person in new[] { sender, viewer })
        {
            var slot = person.SlotSsrc;
            person.RestartIce();
            var answer = await AnswerAsync(meeting, person == sender ? "a" : "b", person);
            Assert.Contains($"a=ssrc:{slot} ", answer, StringComparison.Ordinal);

            // The old way goes on meanwhile, both up and down.
            sender.Film();
            viewer.WaitForVideo(++packets);
            person.Moved(answer);
            sender.Film();
            viewer.WaitForVideo(++packets);
        }

        // Without a second handshake, and without a word to the meeting.
        Assert.Equal(2, events.States.Count(told => told.State == MediaConnectionState.Connecting));
        Assert.Equal(2, events.States.Count(told => told.State == MediaConnectionState.Connected));
        Assert.Equal(4, events.States.Count);
        meeting.Close();
    }

    /// <summary>Checks, handshake and media over one connection, to a viewer over UDP and back.</summary>
    [Fact]
    public async Task Who_can_only_use_TCP_meets_the_others()
    {
        var (events, meeting, sender, viewer) = await MeetAsync("m", tcp: true);
        Assert.Null(meeting.SetView("a", [View("3", "b")]));
        viewer.Film();
        sender.WaitForVideo(1);
        for (var i = 0; i < 50; i++)
        {
            sender.Film();
            viewer.WaitForVideo(i + 2);
            viewer.Film();
            sender.WaitForVideo(i + 2);
        }

        Assert.DoesNotContain(events.States, told => told.State is MediaConnectionState.Failed or MediaConnectionState.Disconnected);
        meeting.Close();
    }

    [Fact]
    public async Task A_restart_may_move_from_one_connection_to_another()
    {
        var (events, meeting, sender, viewer) = await MeetAsync("m", tcp: true);
        sender.RestartIce();
        sender.Moved(await AnswerAsync(meeting, "a", sender));
        sender.Film();
        viewer.WaitForVideo(2);
        Conditions.Poll(() => Worker.Tcp!.Count == 1, "the end of the old connection");
        Assert.Equal(1, Worker.Tcp!.CountOf(TcpEnd.ByPeer));

        // It was let go only after the new one had been chosen: nobody was told of a gap.
        Assert.DoesNotContain(events.States, told => told.State is MediaConnectionState.Failed or MediaConnectionState.Disconnected);
        meeting.Close();
    }

    [Fact]
    public async Task Answers_name_each_address_over_UDP_and_over_TCP()
    {
        var meeting = _plane.Open("m", new MeetingEvents());
        var answer = await AnswerAsync(meeting, "a", Browser());
        Assert.Contains($" 127.0.0.1 {Worker.Port} typ host\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($" 127.0.0.1 {Worker.Tcp!.Port} typ host tcptype passive\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TCP_nothing_listens_and_no_answer_names_it()
    {
        using var plane = Make(0, media => media.Tcp = false);
        await plane.StartAsync(TestContext.Current.CancellationToken);
        Assert.Null(plane.Workers[0].Tcp);
        var answer = await AnswerAsync(plane.Open("m", new MeetingEvents()), "a", Browser());
        Assert.DoesNotContain(" tcp ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_TCP_port_in_use_is_named_in_one_sentence_and_the_UDP_port_is_free_again()
    {
        using var other = Make(0, media => media.TcpPort = Worker.Tcp!.Port);
        var refused = await Assert.ThrowsAsync<StartException>(() => other.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"Parley:Media:TcpPort {Worker.Tcp!.Port}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(other.Workers);
    }

    /// <summary>The media socket asks; a forged answer is nothing, the real one is in every answer from then on, and so is a change.</summary>
    [Fact]
    public async Task The_address_a_STUN_server_sees_is_told()
    {
        using var stun = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var server = (IPEndPoint)stun.Client.LocalEndPoint!;
        using var plane = Make(0, media => media.StunServer = server.ToString());
        await plane.StartAsync(TestContext.Current.CancellationToken);
        var question = await stun.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(plane.Workers[0].Port, question.RemoteEndPoint.Port);
        Assert.DoesNotContain(plane.CandidatesOf(plane.Workers[0]), candidate => candidate.ToSdpValue().Contains("203.0.113.", StringComparison.Ordinal));

        using var forger = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        forger.Send(StunAnswer(question.Buffer, "203.0.113.66"), question.RemoteEndPoint);
        Conditions.Poll(() => plane.Workers[0].Engine.Counters.Dropped(DropReason.Stun) == 1, "the forged one, dropped");
        stun.Send(StunAnswer(question.Buffer, "203.0.113.5"), question.RemoteEndPoint);
        Conditions.Poll(() => plane.CandidatesOf(plane.Workers[0]).Any(candidate => candidate.ToSdpValue().Contains("203.0.113.5 41000 typ host", StringComparison.Ordinal)), "the mapped address");

        // It was none of the engine's business.
        Assert.Equal(1, plane.Workers[0].Engine.Counters.Received);
        var answer = await AnswerAsync(plane.Open("m", new MeetingEvents()), "a", Browser());
        Assert.Contains(" 203.0.113.5 41000 typ host", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.66", answer, StringComparison.Ordinal);
    }

    /// <summary>The same page cannot be given a second DTLS association, so it is told to make a new connection.</summary>
    [Fact]
    public async Task A_restart_of_what_has_ended_is_refused_with_a_sentence()
    {
        var (events, meeting, sender, _) = await MeetAsync("m");
        sender.CloseDtls();
        events.WaitFor("a", MediaConnectionState.Disconnected);
        sender.RestartIce();
        var refused = await meeting.AnswerAsync("a", sender.Offer(), On);
        Assert.Null(refused.Answer);
        Assert.Contains("new one", refused.Error, StringComparison.Ordinal);

        var again = Browser();
        again.Connect(await AnswerAsync(meeting, "a", again));
        events.WaitFor("a", MediaConnectionState.Connected, times: 2);
    }

    /// <summary>A page that is loaded again while its first handshake runs: the end of the old one is nobody's failure.</summary>
    [Fact]
    public async Task A_transport_that_was_replaced_no_longer_speaks_for_its_participant()
    {
        var events = new MeetingEvents();
        var meeting = _plane.Open("m", events);
        var half = Browser();
        half.HearsDtls = false;
        half.Connect(await AnswerAsync(meeting, "a", half));
        Conditions.Poll(() => _plane.Handshakes.Threads == 1, "a handshake under way");

        var second = Browser();
        second.Connect(await AnswerAsync(meeting, "a", second));
        events.WaitFor("a", MediaConnectionState.Connected);
        Assert.Equal([MediaConnectionState.Connecting, MediaConnectionState.Connecting, MediaConnectionState.Connected], events.States.Select(told => told.State));
    }

    [Fact]
    public async Task Everything_asked_of_a_meeting_after_the_end_is_nothing()
    {
        var (_, meeting, _, _) = await MeetAsync("m");
        var late = Browser();
        _plane.Dispose();
        meeting.SetMedia("a", On);
        meeting.SetView("b", [View("3", "a")]);
        Assert.NotNull((await meeting.AnswerAsync("a", late.Offer(), On)).Error);
        meeting.Remove("a");
        meeting.Close();
        meeting.Close();
    }

    private static MediaPlane Make(int port, Action<MediaOptions>? configure = null)
    {
        var media = new MediaOptions { Port = port, Workers = 1, Addresses = { "127.0.0.1" } };
        configure?.Invoke(media);
        return new MediaPlane(Options.Create(new ParleyOptions { Media = media }), TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static byte[] StunAnswer(byte[] question, string mapped)
    {
        Assert.Equal(StunParseResult.Ok, StunMessage.TryParse(question, out var request));
        var writer = new StunWriter(new byte[64], StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.WriteXorMappedAddress(TransportAddress.From(new IPEndPoint(IPAddress.Parse(mapped), 41_000)));
        return writer.Written.ToArray();
    }

    /// <summary>Does something and reads what is counted, again and again, until that is so; a deadline only ever fails the test.</summary>
    private static async Task<MediaSnapshot> ReadUntilAsync(IMeetingMedia meeting, Action act, Func<MediaSnapshot, bool> condition)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            act();
            var read = await meeting.ReadAsync().Soon();
            if (condition(read)) return read;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"In vain: {read}");
        }
    }

    private static SlotView View(string mid, string? participant) => new(mid, participant, VideoSourceKind.Camera, 320, 180);

    private static async Task<string> AnswerAsync(IMeetingMedia meeting, string participant, LoopbackBrowser browser)
    {
        var outcome = await meeting.AnswerAsync(participant, browser.Offer(), On);
        Assert.Null(outcome.Error);
        return outcome.Answer!;
    }

    private LoopbackBrowser Browser(bool tcp = false, MediaWorker? on = null)
    {
        on ??= Worker;
        var browser = new LoopbackBrowser(tcp ? on.Tcp!.Port : on.Port, tcp);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>"a" films and "b" has seen the first frame.</summary>
    private async Task<(MeetingEvents Events, IMeetingMedia Meeting, LoopbackBrowser Sender, LoopbackBrowser Viewer)> MeetAsync(string id, bool tcp = false, MediaPlane? on = null)
    {
        var events = new MeetingEvents();
        var workers = (on ?? _plane).Workers;
        var meetings = workers.Select(worker => worker.Meetings).ToList();
        var meeting = (on ?? _plane).Open(id, events);
        var its = workers.Where((worker, i) => worker.Meetings > meetings[i]).Single();
        var (sender, viewer) = (Browser(tcp, its), Browser(on: its));
        sender.Connect(await AnswerAsync(meeting, "a", sender));
        viewer.Connect(await AnswerAsync(meeting, "b", viewer));
        Assert.Null(meeting.SetView("b", [View("3", "a")]));
        events.WaitFor("a", MediaConnectionState.Connected);
        events.WaitFor("b", MediaConnectionState.Connected);
        viewer.WaitForKeys();
        sender.Film();
        viewer.WaitForVideo(1);
        return (events, meeting, sender, viewer);
    }
}
