using Parley.Media.Forwarding;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>More pictures than a link bears: the pinned one goes on, thumbnails pause and say why, and come back with the room.</summary>
public sealed class WhoMattersGoesOnOverANarrowLink(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Thumbnails_pause_and_come_back(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var others = Enumerable.Range(0, 6).Select(_ => server.Join(room, LinkQuality.Clean, Equipment.Browser)).ToList();
        var viewer = server.Join(room, LinkQuality.Line(10_000_000), Equipment.Browser);
        viewer.Watch([Person.Wish(0, others[0], 360, pinned: true), .. others.Skip(1).Select((other, i) => Person.Wish(i + 1, other, 180))]);
        server.Run(TimeSpan.FromSeconds(10));
        Assert.All(viewer.Views.Take(6), view => Assert.Equal(SlotLevel.Full, view.Qualities.LastOrDefault().Level));

        viewer.Downlink.Quality = LinkQuality.Line(300_000);
        server.Run(TimeSpan.FromSeconds(5));
        var narrow = server.Time.Now;
        server.Run(TimeSpan.FromSeconds(15));
        var wide = server.Time.Now;
        output.WriteLine(string.Join(", ", viewer.Views.Take(6).Select(view => $"{view.Qualities[^1].Level} {view.FramesBetween(narrow, wide).Count} frames")));
        Assert.True(viewer.View(0).FramesBetween(narrow, wide).Count > 15 * 6, "the pinned picture stands still");
        Assert.True(viewer.View(0).FreezeBetween(narrow, wide) < TimeSpan.FromSeconds(1), $"the pinned picture froze for {viewer.View(0).FreezeBetween(narrow, wide)}");
        Assert.Contains(viewer.Views.Skip(1).Take(5), view => view.Qualities[^1] is { Level: SlotLevel.Paused, Limit: SlotLimit.Bandwidth });
        Assert.All(viewer.Views.Take(6), view => Assert.NotEqual(SlotLimit.Overload, view.Qualities[^1].Limit));

        viewer.Downlink.Quality = LinkQuality.Line(10_000_000);
        server.Run(TimeSpan.FromSeconds(30));
        Assert.All(viewer.Views.Take(6), view => Assert.Equal((SlotLevel.Full, SlotLimit.None), (view.Qualities[^1].Level, view.Qualities[^1].Limit)));
        Assert.All(viewer.Views.Take(6), view => Assert.True(server.Time.Now - view.LastDecodedAt < TimeSpan.FromMilliseconds(200)));
    }
}
