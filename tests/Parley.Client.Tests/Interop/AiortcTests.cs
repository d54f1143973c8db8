using System.Net;
using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Rtc;
using Parley.Client.Video;
using Parley.Media.Ice;

namespace Parley.Client.Tests.Interop;

/// <summary>Our ICE, DTLS, SRTP, RTP and RTCP against aiortc's, as both sides of an offer and so in both roles of each.</summary>
public sealed class AiortcTests
{
    private const double OurTone = 1_000;

    // What aiortc_peer.py sends.
    private const double ItsTone = 700;
    private static readonly byte[] OurLights = [200, 150, 100, 50];
    private static readonly byte[] ItsLights = [60, 110, 160, 210];

    [Fact]
    public async Task It_answers_our_offer_and_both_hear_and_see_each_other_until_it_is_killed()
    {
        // The soonest there is: RFC 7675 has no checks more often than every 4 s.
        var ice = new IceAgentOptions { DisconnectedAfter = TimeSpan.FromSeconds(6.1), ConsentLifetime = TimeSpan.FromSeconds(30) };
        await using var ours = new Ours(IceRole.Controlling, ice);
        using var its = new AiortcPeer();
        await ours.Peer.Gather([IPAddress.Loopback]);
        var answer = await its.Answer(ours.Peer.Offer());
        Assert.Contains("a=setup:active", answer, StringComparison.Ordinal);
        ours.Peer.Accept(answer);
        await ours.Begin();

        await HearAndSeeEachOther(ours, its);
        Assert.Equal("controlled", (await its.Statistics()).IceRole);

        await KeyframesComeWhenAskedFor(ours, its);

        its.Kill();
        await ours.Becomes(RtcPeerState.Disconnected);
    }

    [Fact]
    public async Task We_answer_its_offer_and_both_hear_and_see_each_other_until_it_ends()
    {
        await using var ours = new Ours(IceRole.Controlled);
        using var its = new AiortcPeer();
        await ours.Peer.Gather([IPAddress.Loopback]);
        var answer = ours.Peer.Answer(await its.Offer());
        Assert.Contains("a=setup:active", answer, StringComparison.Ordinal);
        await its.Accept(answer);
        await ours.Begin();

        await HearAndSeeEachOther(ours, its);
        Assert.Equal("controlling", (await its.Statistics()).IceRole);

        await its.Close();
        Assert.Equal("The other side has ended the connection.", await ours.Becomes(RtcPeerState.Failed));
    }

    [Fact]
    public async Task What_is_lost_is_sent_again_both_ways_and_it_learns_that_we_end()
    {
        using var path = new LossyPath(every: 20);
        await using var ours = new Ours(IceRole.Controlling);
        using var its = new AiortcPeer();
        await ours.Peer.Gather([IPAddress.Loopback]);
        ours.Peer.Accept(path.OfSecond(await its.Answer(path.OfFirst(ours.Peer.Offer()))));
        await ours.Begin();
        await HearAndSeeEachOther(ours, its);

        var (weSaw, itSaw) = (ours.Pictures, (await its.Statistics()).Frames);
        await Eventually.Holds("pictures go on", () => Task.FromResult(ours.Pictures), pictures => pictures >= weSaw + 45);
        await Eventually.Holds("its pictures go on", its.Statistics, statistics => statistics.Frames >= itSaw + 45);

        // What comes again is lost no more.
        await Eventually.Holds("what is lost is sent again", () => Task.FromResult(ours.Repairs()), repairs =>
            repairs is { SentAgain: >= 5, AskedFor: >= 5, StillMissing: <= 1 });
        Assert.InRange(path.LostOfFirst, 5, int.MaxValue);
        Assert.InRange(path.LostOfSecond, 5, int.MaxValue);
        await HearAndSeeEachOther(ours, its);

        await ours.Peer.DisposeAsync();
        await Eventually.Holds("it learns that we end", its.Statistics, statistics => statistics.State == "closed");
    }

    private static async Task HearAndSeeEachOther(Ours ours, AiortcPeer its)
    {
        await Eventually.Holds("it hears and sees us", its.Statistics, statistics =>
            IsTone(statistics.Hz, OurTone) && statistics.Peak > 0.05
            && statistics is { Frames: > 5, Width: 320, Height: 240 } && Quarters.AreAlike(statistics.Quarters, OurLights));
        await Eventually.Holds("we hear it", () => Task.FromResult(ours.Ears.Hz), hz => IsTone(hz, ItsTone));
        await Eventually.Holds("we see it", () => Task.FromResult(ours.Seen), seen => seen is not null && Quarters.AreAlike(seen, ItsLights));
    }

    private static async Task KeyframesComeWhenAskedFor(Ours ours, AiortcPeer its)
    {
        var came = ours.Peer.Keyframes;
        ours.Peer.AskForKeyframe();
        await Eventually.Holds("it sends a keyframe", () => Task.FromResult(ours.Peer.Keyframes), keyframes => keyframes > came);

        var asked = ours.Peer.KeyframesAsked;
        await its.AskForKeyframe();
        await Eventually.Holds("it asks for a keyframe", () => Task.FromResult(ours.Peer.KeyframesAsked), keyframes => keyframes > asked);
    }

    private static bool IsTone(double hz, double expected) => Math.Abs(hz - expected) < expected * 0.02;

    /// <summary>Our end with its tone and picture, its ears and eyes.</summary>
    private sealed class Ours : IAsyncDisposable
    {
        private volatile double[]? _seen;
        private int _pictures;

        public Ours(IceRole role, IceAgentOptions? ice = null)
        {
            Peer = new MediaPeer(role, Quarters.Camera(OurLights), ice);
            Sink = new DecodingSink((in VideoFrameInfo _, in I420View picture) =>
            {
                _seen = Quarters.Read(in picture);
                Interlocked.Increment(ref _pictures);
            });
            Sink.KeyframeWanted += (_, _) => Peer.AskForKeyframe();
            Peer.Eyes = Sink;
        }

        public MediaPeer Peer { get; }

        public DecodingSink Sink { get; }

        public FrequencyMeter Ears { get; } = new();

        /// <summary>The quarters of the newest picture; null before the first.</summary>
        public double[]? Seen => _seen;

        public int Pictures => Volatile.Read(ref _pictures);

        /// <summary>Packets of our video that we sent again; of its, what we asked for again and what has not come.</summary>
        public (long SentAgain, long AskedFor, long StillMissing) Repairs() => Peer.Ask(peer =>
            (peer.Cameras[0].Stream.Retransmitted, peer.Counters.Nacks, peer.Receivers.OfType<VideoReceiver>().Single().PacketsLost));

        /// <summary>Waits for the connection and begins to send and to listen.</summary>
        public async Task Begin()
        {
            await Becomes(RtcPeerState.Connected);
            Peer.Begin(new ToneSource(OurTone), Ears);
        }

        /// <summary>Waits for a state; gives its reason.</summary>
        public async Task<string> Becomes(RtcPeerState state)
        {
            await Eventually.Holds(
                $"the connection becomes {state}",
                () => Task.FromResult(string.Join(" / ", Peer.States)),
                _ => Peer.States.Any(entry => entry.State == state));
            return Peer.States.First(entry => entry.State == state).Reason;
        }

        public async ValueTask DisposeAsync()
        {
            await Peer.DisposeAsync();
            Sink.Dispose();
        }
    }
}
