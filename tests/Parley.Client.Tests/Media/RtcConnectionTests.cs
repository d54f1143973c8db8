using System.Collections.Concurrent;
using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Rtc;
using Parley.Media.Rtp;

namespace Parley.Client.Tests.Media;

public sealed class RtcConnectionTests
{
    [Fact]
    public async Task Two_connect_and_hear_and_see_each_other()
    {
        await using var two = new TwoConnections();
        await two.Connect();
        foreach (var side in new[] { two.First, two.Second })
        {
            await Eventually.Holds("connected", () => Task.FromResult(string.Join(" / ", side.States)), _ => side.States.Any(state => state.State == RtcPeerState.Connected));
            side.Connection.Run(() =>
            {
                side.Peer.Heard!.Sink = side;
                side.Peer.Microphone!.Feed = new MicrophoneFeed(new Square());
                side.Peer.Microphone.Enabled = true;
                side.Peer.Cameras[0].Enabled = true;
                side.Peer.ArmAudio(two.Now);
                return true;
            });
        }

        two.First.Connection.Run(() =>
        {
            two.First.Peer.Cameras[0].Send(TwoConnections.Keyframe, TimeSpan.FromSeconds(1), two.Now);
            return true;
        });
        await Eventually.Holds("a picture", () => Task.FromResult(two.Second.Frames.Count), count => count == 1);
        Assert.Equal(TwoConnections.Keyframe, two.Second.Frames.Single());
        foreach (var side in new[] { two.First, two.Second })
            await Eventually.Holds("sound", () => Task.FromResult(side.Heard.Count(one => one.Max() > 0.05)), loud => loud > 10);
    }

    [Fact]
    public async Task Who_looks_at_headers_only_counts_reports_and_decrypts_nothing()
    {
        var tap = new HeaderTap();
        await using var two = new TwoConnections(configureSecond: options => options with { HeadersOnly = true, Tap = tap });
        await two.Connect();
        await Eventually.Holds("connected", () => Task.FromResult(two.Second.States.Count), _ => two.Second.States.Any(state => state.State == RtcPeerState.Connected));
        await Eventually.Holds("connected", () => Task.FromResult(two.First.States.Count), _ => two.First.States.Any(state => state.State == RtcPeerState.Connected));

        // What came of the handshake before the path had been agreed on is dropped and sent again: none of the picture's is.
        var dropped = two.Second.Connection.Run(() => two.Second.Peer.Counters.Dropped);
        two.First.Connection.Run(() =>
        {
            two.First.Peer.Cameras[0].Enabled = true;
            two.First.Peer.Cameras[0].Send(TwoConnections.Keyframe, TimeSpan.FromSeconds(1), two.Now);
            return true;
        });
        await Eventually.Holds("packets", () => Task.FromResult(tap.Packets.Count), count => count == 5);
        var packets = tap.Packets.ToArray();
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.Equal(pair.First.Index + 1, pair.Second.Index));
        Assert.Equal([false, false, false, false, true], packets.Select(packet => packet.Marker));

        // The picture's bytes are zeros, and stay hidden.
        Assert.All(packets, packet => Assert.Contains(packet.Payload[^100..], value => value != 0));
        Assert.Empty(two.Second.Frames);
        Assert.Equal(5, two.Second.Connection.Run(() => two.Second.Peer.Receivers.Sum(receiver => receiver.PacketsReceived)));
        Assert.Equal(dropped, two.Second.Connection.Run(() => two.Second.Peer.Counters.Dropped));
    }

    private sealed class HeaderTap : IRtpTap
    {
        public ConcurrentQueue<(long Index, bool Marker, byte[] Payload)> Packets { get; } = [];

        public void OnVideoPacket(string mid, in RtpPacket packet, long index, TimeSpan now) =>
            Packets.Enqueue((index, packet.Marker, packet.Payload.ToArray()));

        public void OnAudioPacket(in RtpPacket packet, TimeSpan now)
        {
        }
    }

    private sealed class Square : IAudioSource
    {
        public bool TryRead(Span<float> frame)
        {
            for (var i = 0; i < frame.Length; i++) frame[i] = i / 48 % 2 == 0 ? 0.2f : -0.2f;
            return true;
        }
    }
}
