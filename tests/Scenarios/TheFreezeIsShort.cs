using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A viewer's link drops from 4 Mb/s to 300 kb/s: the picture stands still only as long as it must.</summary>
public sealed class TheFreezeIsShort(ITestOutputHelper output)
{
    /// <summary>
    /// The link narrows at many moments between two feedbacks and two pictures. Until the viewer's program has told of three packets, up to
    /// 0.2 s have passed; the queue is full long before, has to empty, and then the keyframe takes 0.13 s. So more than half a second it is
    /// only where the queue is long, and yet no large picture gets whole through it.
    /// </summary>
    /// <param name="feedback">Milliseconds from one of the viewer's reports to the next.</param>
    /// <param name="queue">Milliseconds that wait before the narrow place.</param>
    /// <param name="median">Milliseconds.</param>
    /// <param name="longest">Milliseconds.</param>
    [Theory]
    [InlineData(60, 50, 360, 390)]
    [InlineData(60, 100, 410, 440)]
    [InlineData(60, 200, 340, 520)]
    [InlineData(60, 300, 420, 610)]
    [InlineData(60, 1_000, 370, 400)]
    [InlineData(100, 50, 360, 430)]
    [InlineData(100, 100, 410, 460)]
    [InlineData(100, 200, 370, 540)]
    [InlineData(100, 300, 390, 650)]
    [InlineData(100, 1_000, 370, 400)]
    public void Whenever_a_link_gets_narrow(int feedback, int queue, int median, int longest)
    {
        var freezes = new List<int>();
        for (var seed = 1; seed <= 10; seed++)
        {
            var server = new VirtualServer(seed);
            var room = server.OpenRoom();
            var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
            var viewer = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser with { FeedbackInterval = TimeSpan.FromMilliseconds(feedback) });
            viewer.Watch(Person.Wish(0, sender, 720));

            // Pictures of three temporal layers and feedback begin anew together after 400 ms.
            server.Run(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(40 * seed));
            var narrow = server.Time.Now;
            viewer.Downlink.Quality = LinkQuality.Line(300_000) with { Queue = TimeSpan.FromMilliseconds(queue) };
            server.Run(TimeSpan.FromSeconds(2.5));
            freezes.Add((int)viewer.View(0).FreezeBetween(narrow, server.Time.Now).TotalMilliseconds);
        }

        freezes.Sort();
        output.WriteLine($"feedback {feedback} ms, queue {queue} ms: frozen for {freezes[0]} to {freezes[^1]} ms, {freezes[freezes.Count / 2]} in the median, {freezes.Count(freeze => freeze <= 500)} of {freezes.Count} at most 500");
        Assert.True(freezes[freezes.Count / 2] <= median);
        Assert.True(freezes[^1] <= longest);
    }
}
