using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A viewer's link drops to 300 kb/s and comes back: the picture follows it down at once and up soon, and does not swing.</summary>
public sealed class ALinkGetsNarrowAndWideAgain(ITestOutputHelper output)
{
    /// <param name="seed">Of everything.</param>
    /// <param name="queue">Milliseconds that wait before the narrow place.</param>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 100)]
    [InlineData(3, 200)]
    [InlineData(4, 300)]
    [InlineData(5, 1_000)]
    public void The_picture_follows_down_within_two_seconds_and_up_within_ten(int seed, int queue)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var viewer = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser);
        viewer.Watch(Person.Wish(0, sender, 720));
        var view = viewer.View(0);
        server.Run(TimeSpan.FromSeconds(15));
        var narrow = server.Time.Now;
        viewer.Downlink.Quality = LinkQuality.Line(300_000) with { Queue = TimeSpan.FromMilliseconds(queue) };
        server.Run(TimeSpan.FromSeconds(20));
        var wide = server.Time.Now;
        viewer.Downlink.Quality = LinkQuality.Line(4_000_000);
        server.Run(TimeSpan.FromSeconds(30));
        var end = server.Time.Now;

        var freeze = view.FreezeBetween(narrow, wide);
        output.WriteLine($"queue {queue} ms: frozen for {freeze.TotalMilliseconds:F0} ms, then at most "
            + $"{view.FreezeBetween(narrow + TimeSpan.FromSeconds(4), end).TotalMilliseconds:F0} ms; "
            + string.Join(", ", view.EncodingsBetween(TimeSpan.Zero, end).Select(run => $"{run.Since.TotalSeconds:F1} s encoding {run.Encoding}")));

        Assert.All(view.FramesBetween(narrow - TimeSpan.FromSeconds(10), narrow), frame => Assert.Equal(2, frame.Encoding));
        Assert.All(view.FramesBetween(narrow + TimeSpan.FromSeconds(2), wide), frame => Assert.Equal(0, frame.Encoding));
        Assert.All(view.FramesBetween(wide + TimeSpan.FromSeconds(10), end), frame => Assert.Equal(2, frame.Encoding));
        Assert.True(view.EncodingsBetween(narrow, end).Count <= 4, "the picture swings");
        Assert.True(view.FreezeBetween(narrow, end) <= TimeSpan.FromMilliseconds(500), "frozen");
    }
}
