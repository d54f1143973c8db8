using Parley.Media.Session;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A shared screen over a link too narrow for it: fewer pictures a second before less sharp ones.</summary>
public sealed class AScreenStaysSharp(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_gives_up_motion_first(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var presenter = server.Join(room, LinkQuality.Clean, Equipment.Presenter);
        var viewer = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser);
        viewer.Watch(Person.Wish(0, presenter, 1_080, VideoKind.Screen));
        server.Run(TimeSpan.FromSeconds(10));
        viewer.Downlink.Quality = LinkQuality.Line(1_500_000);
        server.Run(TimeSpan.FromSeconds(5));
        var from = server.Time.Now;
        server.Run(TimeSpan.FromSeconds(20));

        var frames = viewer.View(0).FramesBetween(from, server.Time.Now);
        output.WriteLine($"{frames.Count / 20.0:F1} frames a second, encodings {string.Join(", ", frames.GroupBy(frame => (frame.Encoding, frame.Temporal)).Select(group => $"{group.Key}: {group.Count()}"))}");
        Assert.True(frames.Count > 20 * 6, "it stands still");
        Assert.All(frames, frame => Assert.True(frame.IsScreen));
        Assert.True(frames.Count(frame => frame.Encoding == 1) > 0.95 * frames.Count, "it is not sharp");
        Assert.True(frames.Count(frame => frame.Temporal == 2) < 0.1 * frames.Count, "it has all its motion: the link is not narrow enough");
    }
}
