using Parley.Browser.Harness;
using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Tests.PeerToPeer;

public sealed class PeerLinkTests
{
    private static readonly MediaState On = new(true, true);
    private static readonly MediaState Off = new(false, false);

    [Fact]
    public async Task A_path_that_dies_in_silence_sends_both_to_the_server_and_then_gives_the_link_up()
    {
        await using var pair = new LinkPair(throughPath: true, On, On);
        await GoDirect(pair);
        pair.Cut();
        await Task.WhenAll(
            pair.First.Becomes("it sends to the server", state => state is { SendsToServer: true, SendsToLink: true }),
            pair.Second.Becomes("it sends to the server", state => state is { SendsToServer: true, SendsToLink: true }));
        await Task.WhenAll(pair.First.Reported(LinkState.Ready, LinkState.Failed), pair.Second.Reported(LinkState.Ready, LinkState.Failed));
        await pair.First.Becomes("all is the server's", state => state is { SendsToLink: false, VoiceOnLink: false, CameraOnLink: false });
        Assert.Equal((0, 0), pair.First.Witness.Faults);
    }

    [Fact]
    public async Task Another_path_is_found_by_an_ICE_restart_and_the_server_is_spared_again()
    {
        await using var pair = new LinkPair(throughPath: true, On, On) { HasOtherPath = true };
        await GoDirect(pair);
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.OnTheWay = signal =>
        {
            if (signal.Description?.Type == "offer") restarted.TrySetResult();
            return signal;
        };
        pair.Cut();
        await restarted.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        // That they send to the server meanwhile may be over before anybody looks: what counts is that nothing passes by the old path.
        await Task.WhenAll(
            pair.First.Becomes("the link alone has it", state => state is { SendsToServer: false, IsQuiet: false }),
            pair.Second.Becomes("the link alone has it", state => state is { SendsToServer: false, IsQuiet: false }));
        await Task.WhenAll(pair.First.SeesAndHears(), pair.Second.SeesAndHears());
        await pair.First.Reported(LinkState.Ready);
        Assert.Equal((0, 0), pair.First.Witness.Faults);
    }

    [Fact]
    public async Task Who_ends_it_is_not_waited_for()
    {
        await using var pair = new LinkPair(throughPath: false, On, On);
        await GoDirect(pair);
        await pair.Second.Link.DisposeAsync();
        await pair.First.Reported(LinkState.Ready, LinkState.Failed);
    }

    [Fact]
    public async Task With_all_off_it_is_ready_once_it_is_connected()
    {
        await using var pair = new LinkPair(throughPath: false, Off, Off);
        pair.Start();
        await Task.WhenAll(pair.First.Reported(LinkState.Ready), pair.Second.Reported(LinkState.Ready));
    }

    [Fact]
    public async Task A_microphone_without_sound_is_no_reason_to_wait()
    {
        await using var pair = new LinkPair(throughPath: false, On, Off);

        // The second is thought to have its microphone on; there is nothing to hear of it but its silence.
        pair.First.Link.OnPeer(new MediaState(true, false));
        pair.Second.Link.SetSending(true, false);
        pair.Start();
        await Task.WhenAll(pair.First.Reported(LinkState.Ready), pair.Second.Reported(LinkState.Ready));
    }

    [Fact]
    public async Task A_description_that_comes_before_the_sockets_are_there_is_taken_however_many_candidates_come_with_it()
    {
        await using var pair = new LinkPair(throughPath: false, On, On);
        LinkSignal? offer = null;
        pair.OnTheWay = signal =>
        {
            if (signal.Description?.Type != "offer") return signal;
            offer = signal;
            return null;
        };
        pair.First.Link.Start();
        await Eventually.Holds("the offer was made", () => Task.FromResult(offer is not null));
        for (var i = 0; i < 500; i++) pair.Second.Link.OnSignal(new LinkSignal("link", Candidate: new LinkCandidate("candidate:1 1 udp 1 192.0.2.1 9 typ host")));
        pair.Second.Link.OnSignal(offer!);
        for (var i = 0; i < 3; i++) pair.Second.Link.OnSignal(new LinkSignal("link", Candidate: new LinkCandidate("candidate:1 1 udp 1 192.0.2.1 9 typ host")));
        pair.Second.Link.Start();
        await Task.WhenAll(pair.First.Reported(LinkState.Ready), pair.Second.Reported(LinkState.Ready));
    }

    [Fact]
    public async Task Signals_that_come_too_soon_wait_and_those_of_no_sense_change_nothing()
    {
        await using var pair = new LinkPair(throughPath: false, On, On);
        LinkSignal? offer = null;
        pair.OnTheWay = signal =>
        {
            if (signal.Description?.Type != "offer" || offer is not null) return signal;
            offer = signal;
            return null;
        };
        pair.Second.Link.OnSignal(new LinkSignal("link", Restart: true));
        for (var i = 0; i < 500; i++) pair.Second.Link.OnSignal(new LinkSignal("link", Candidate: new LinkCandidate("candidate:1 1 udp 1 192.0.2.1 9 typ host")));
        pair.Start();
        await Eventually.Holds("the offer was made", () => Task.FromResult(offer is not null));
        pair.Second.Link.OnSignal(new LinkSignal("link", Candidate: new LinkCandidate("nonsense", "0", 0, "whose")));
        pair.Second.Link.OnSignal(new LinkSignal("link", new LinkDescription("answer", "v=0")));
        pair.Second.Link.OnSignal(offer!);
        await Task.WhenAll(pair.First.Reported(LinkState.Ready), pair.Second.Reported(LinkState.Ready));

        // A description that cannot be read, once there is one that could.
        pair.Second.Link.OnSignal(new LinkSignal("link", new LinkDescription("offer", "v=0\r\nnonsense")));
        await pair.Second.SeesAndHears();
    }

    [Fact]
    public async Task An_offer_that_cannot_be_read_fails_it_at_once()
    {
        await using var pair = new LinkPair(throughPath: false, On, On)
        {
            OnTheWay = signal => signal.Description is null ? signal : signal with { Description = signal.Description with { Sdp = "v=0\r\nnonsense" } },
        };
        pair.Start();
        await pair.Second.Reported(LinkState.Failed);
    }

    private static async Task GoDirect(LinkPair pair)
    {
        pair.Start();
        await Task.WhenAll(pair.First.Reported(LinkState.Ready), pair.Second.Reported(LinkState.Ready));
        pair.First.Link.OnMode(MeetingMode.PeerToPeer);
        pair.Second.Link.OnMode(MeetingMode.PeerToPeer);
        await Task.WhenAll(pair.First.SeesAndHears(), pair.Second.SeesAndHears());
        await pair.First.Becomes("the link alone has it", state => !state.SendsToServer);
    }
}
