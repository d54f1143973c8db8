using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A tenth of all datagrams is lost, both ways and on both legs: the picture goes on.</summary>
public sealed class TenPercentLossStaysWatchable(ITestOutputHelper output)
{
    private static readonly LinkQuality Lossy = new(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(5), 0.1, 6_000_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Most_frames_are_seen_and_no_freeze_is_long(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, Lossy, Equipment.Browser);
        var viewer = server.Join(room, Lossy, Equipment.Browser);
        viewer.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(5));
        var from = server.Time.Now;
        server.Run(TimeSpan.FromSeconds(60));
        var to = server.Time.Now;

        var view = viewer.View(0);
        var (freeze, frames) = (view.FreezeBetween(from, to), view.FramesBetween(from, to));
        output.WriteLine($"{frames.Count / 60.0:F1} frames a second, frozen for {freeze.TotalMilliseconds:F0} ms at most, keyframes asked {view.KeyframeRequests}, "
            + $"runs {string.Join(", ", view.EncodingsBetween(from, to).Select(run => $"{run.Since.TotalSeconds:F1} s: {run.Encoding}"))}");
        Assert.True(frames.Count > 60 * 20, $"{frames.Count} frames in a minute");
        // Mostly half a second; a keyframe that loses a packet and its repair takes longer.
        Assert.True(freeze < TimeSpan.FromSeconds(1), $"frozen for {freeze}");
    }
}
