using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A keyframe of some forty packets does not fall upon a viewer's router in one moment, and nothing waits long for its turn.</summary>
public sealed class AKeyframeIsSpread(ITestOutputHelper output)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void And_nothing_waits_for_more_than_a_quarter_of_a_second(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var viewer = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser);
        viewer.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(10));
        var (from, log) = (server.Time.Now, viewer.Downlink.Log = []);
        for (var i = 0; i < 10; i++)
        {
            sender.Camera.Encodings[2].OnKeyframeRequested();
            server.Run(TimeSpan.FromSeconds(1));
        }

        var most = Enumerable.Range(0, log.Count).Max(first => log.Skip(first).TakeWhile(sent => sent.At - log[first].At <= Moment).Sum(sent => sent.Bytes));

        // The first picture is filmed 200 ms after the join of the first, who has no offset.
        var slowest = viewer.View(0).Frames.Where(frame => frame.At > from)
            .Max(frame => frame.At - TimeSpan.FromMilliseconds(200) - sender.Camera.FrameInterval * (frame.Mark.Frame - 1));
        output.WriteLine($"{most} bytes in 10 ms at most, {slowest.TotalMilliseconds:F0} ms from camera to decoder at most");
        Assert.Contains(viewer.View(0).FramesBetween(from, server.Time.Now), frame => frame.IsKeyframe);

        // What the pacer lets go at once, and what flows on at its rate.
        Assert.True(most < 34_000, $"{most} bytes in 10 ms");
        Assert.True(slowest < TimeSpan.FromMilliseconds(250), $"{slowest} from camera to decoder");
    }
}
