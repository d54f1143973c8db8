using Parley.Browser.Harness;
using Parley.Client.Audio;
using Parley.Client.Media;
using Parley.Client.Rtc;

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

    private sealed class Square : IAudioSource
    {
        public bool TryRead(Span<float> frame)
        {
            for (var i = 0; i < frame.Length; i++) frame[i] = i / 48 % 2 == 0 ? 0.2f : -0.2f;
            return true;
        }
    }
}
