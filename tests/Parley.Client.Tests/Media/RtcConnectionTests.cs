using Parley.Client.Audio;
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
            await Until(() => side.States.Any(state => state.State == RtcPeerState.Connected), () => string.Join(" / ", side.States));
            side.Connection.Run(() =>
            {
                side.Peer.Heard!.Sink = side;
                side.Peer.Microphone!.Source = new Square();
                side.Peer.Microphone.Enabled = true;
                side.Peer.Cameras[0].Enabled = true;
                side.Peer.ArmAudio(two.Now);
                return true;
            });
        }

        // A keyframe's first bytes (RFC 6386 §9.1), as long as several packets.
        var frame = new byte[5_000];
        frame[3] = 0x9D;
        frame[4] = 0x01;
        frame[5] = 0x2A;
        two.First.Connection.Run(() =>
        {
            two.First.Peer.Cameras[0].Send(frame, TimeSpan.FromSeconds(1), two.Now);
            return true;
        });
        await Until(() => two.Second.Frames.Count == 1, () => $"{two.Second.Frames.Count} frames");
        Assert.Equal(frame, two.Second.Frames.Single());
        foreach (var side in new[] { two.First, two.Second })
            await Until(() => side.Heard.Count(one => one.Max() > 0.05) > 10, () => $"{side.Heard.Count} frames");
    }

    private static async Task Until(Func<bool> holds, Func<string> last)
    {
        var deadline = TimeProvider.System.GetTimestamp() + 20 * TimeProvider.System.TimestampFrequency;
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < deadline, last());
            await Task.Delay(20, TestContext.Current.CancellationToken);
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
