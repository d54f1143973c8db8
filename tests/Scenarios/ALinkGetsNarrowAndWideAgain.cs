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
        Assert.True(view.FreezeBetween(narrow + TimeSpan.FromSeconds(4), end) < TimeSpan.FromMilliseconds(500), "frozen again");
    }

    /// <summary>
    /// The link narrows at many moments between two feedbacks and two pictures. Until the viewer's program has told what comes through, up to
    /// a quarter of a second has passed; the queue is full long before, has to empty, and then the keyframe takes 0.13 s. A large picture
    /// that gets whole through a queue makes the freeze shorter; of a long queue one always does.
    /// </summary>
    /// <param name="queue">Milliseconds that wait before the narrow place.</param>
    /// <param name="median">Milliseconds.</param>
    /// <param name="longest">Milliseconds.</param>
    [Theory]
    [InlineData(50, 500, 600)]
    [InlineData(100, 500, 600)]
    [InlineData(200, 450, 620)]
    [InlineData(300, 430, 700)]
    [InlineData(1_000, 400, 520)]
    public void The_freeze_is_short_whenever_it_gets_narrow(int queue, int median, int longest)
    {
        var freezes = new List<int>();
        for (var seed = 1; seed <= 10; seed++)
        {
            var server = new VirtualServer(seed);
            var room = server.OpenRoom();
            var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
            var viewer = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser);
            viewer.Watch(Person.Wish(0, sender, 720));

            // Pictures of three temporal layers and feedback begin anew together after 400 ms.
            server.Run(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(40 * seed));
            var narrow = server.Time.Now;
            viewer.Downlink.Quality = LinkQuality.Line(300_000) with { Queue = TimeSpan.FromMilliseconds(queue) };
            server.Run(TimeSpan.FromSeconds(2.5));
            freezes.Add((int)viewer.View(0).FreezeBetween(narrow, server.Time.Now).TotalMilliseconds);
        }

        freezes.Sort();
        output.WriteLine($"queue {queue} ms: frozen for {freezes[0]} to {freezes[^1]} ms, {freezes[freezes.Count / 2]} in the median, {freezes.Count(freeze => freeze <= 500)} of {freezes.Count} at most 500");
        Assert.True(freezes[freezes.Count / 2] <= median);
        Assert.True(freezes[^1] <= longest);
    }
}
