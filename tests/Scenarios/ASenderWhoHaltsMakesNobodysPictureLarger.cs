using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A sender's pictures stop for a moment and go on: what they cost is what they cost before, not what came in the last second.</summary>
public sealed class ASenderWhoHaltsMakesNobodysPictureLarger(ITestOutputHelper output)
{
    /// <param name="seed">Of everything.</param>
    /// <param name="halt">Milliseconds.</param>
    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 900)]
    [InlineData(3, 1_500)]
    [InlineData(4, 4_000)]
    public void A_viewer_on_a_narrow_link_stays_with_the_small_encoding(int seed, int halt)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var viewer = server.Join(room, LinkQuality.Line(300_000), Equipment.Browser);
        var other = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        viewer.Watch(Person.Wish(0, sender, 720));
        other.Watch(Person.Wish(0, sender, 720));
        var view = viewer.View(0);
        server.Run(TimeSpan.FromSeconds(20));
        var settled = server.Time.Now;
        for (var i = 0; i < 5; i++)
        {
            sender.CameraOn = false;
            server.Run(TimeSpan.FromMilliseconds(halt));
            sender.CameraOn = true;
            server.Run(TimeSpan.FromSeconds(6));
        }

        output.WriteLine($"{halt} ms: " + string.Join(", ", view.EncodingsBetween(settled, server.Time.Now).Select(run => $"{run.Since.TotalSeconds:F1} s encoding {run.Encoding}"))
            + $", frozen for {view.FreezeBetween(settled, server.Time.Now).TotalMilliseconds:F0} ms");
        Assert.All(view.FramesBetween(settled, server.Time.Now), frame => Assert.Equal(0, frame.Encoding));
        Assert.True(view.FreezeBetween(settled, server.Time.Now) < TimeSpan.FromMilliseconds(halt + 500), "the picture stood still for longer than it was not sent");
    }
}
