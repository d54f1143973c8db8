using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Two watch the same camera, one over a narrow and lossy link: the other notices nothing of it.</summary>
public sealed class TwoLinksOfOneSourceDoNotHarmEachOther(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_good_one_keeps_the_largest_picture_without_a_gap(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var good = server.Join(room, LinkQuality.Line(10_000_000), Equipment.Browser);
        good.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(5));
        var from = server.Time.Now;
        var poor = server.Join(room, LinkQuality.Line(400_000) with { Loss = 0.03 }, Equipment.Browser);
        poor.CameraOn = false;
        poor.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(30));
        var to = server.Time.Now;

        var freeze = good.View(0).FreezeBetween(from, to);
        var top = sender.Camera.Encodings[2];
        output.WriteLine($"the good one froze for {freeze.TotalMilliseconds:F0} ms at most, keyframes of the largest encoding: {top.Keyframes}; "
            + $"the poor one decoded {poor.View(0).Frames.Count} frames, froze for {poor.View(0).FreezeBetween(from + TimeSpan.FromSeconds(5), to).TotalMilliseconds:F0} ms");
        Assert.All(good.View(0).FramesBetween(from, to), frame => Assert.Equal(2, frame.Encoding));
        Assert.True(freeze < TimeSpan.FromMilliseconds(150), $"frozen for {freeze}");
        Assert.True(good.View(0).FramesBetween(from, to).Count > 29 * 30);

        // The poor one begins with it, too: the path is not known yet. Then it costs nobody a keyframe.
        Assert.InRange(top.Keyframes, 1, 5);
        Assert.All(poor.View(0).FramesBetween(from + TimeSpan.FromSeconds(8), to), frame => Assert.NotEqual(2, frame.Encoding));
        Assert.True(poor.View(0).FramesBetween(from + TimeSpan.FromSeconds(5), to).Count > 10 * 25);
    }
}
