using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A small tile gets a small picture, a grown one a large one, and a camera that nobody watches rests.</summary>
public sealed class TileSizesDecideWhatIsSent(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void From_the_camera_to_the_tile(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var viewer = server.Join(room, LinkQuality.Line(10_000_000), Equipment.Browser);
        var view = viewer.View(0);

        viewer.Watch(Person.Wish(0, sender, 180));
        server.Run(TimeSpan.FromSeconds(6));
        Assert.All(view.FramesBetween(TimeSpan.FromSeconds(1), server.Time.Now), frame => Assert.Equal(0, frame.Encoding));
        Assert.Equal(1, sender.Camera.Layers);

        // The camera has to begin with the large one first.
        var grown = server.Time.Now;
        viewer.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(4));
        var large = view.EncodingsBetween(grown, server.Time.Now).First(run => run.Encoding == 2).Since - grown;
        Assert.True(large < TimeSpan.FromMilliseconds(500), $"large after {large}");
        Assert.True(view.FreezeBetween(grown, server.Time.Now) < TimeSpan.FromMilliseconds(150));

        viewer.Watch(Array.Empty<Parley.Media.Session.SlotWish>());
        server.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(0, sender.Camera.Layers);
        var (packets, idle) = (sender.Camera.Encodings.Sum(encoding => encoding.PacketCount), viewer.Downlink.Bytes);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(packets, sender.Camera.Encodings.Sum(encoding => encoding.PacketCount));
        var mix = (viewer.Downlink.Bytes - idle) * 8 / 2;
        Assert.True(mix < 60_000, $"{mix} bit/s without a picture");

        var back = server.Time.Now;
        viewer.Watch(Person.Wish(0, sender, 180));
        server.Run(TimeSpan.FromSeconds(1));
        var first = view.Frames.First(frame => frame.At > back).At - back;
        output.WriteLine($"large after {large.TotalMilliseconds:F0} ms, back after {first.TotalMilliseconds:F0} ms, {mix} bit/s without a picture");
        Assert.True(first < TimeSpan.FromMilliseconds(200), $"back after {first}");
    }

    [Fact]
    public void A_camera_that_nobody_has_ever_watched_rests_too()
    {
        var server = new VirtualServer(seed: 4);
        var sender = server.Join(server.OpenRoom(), LinkQuality.Clean, Equipment.Browser);
        server.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(0, sender.Camera.Layers);
    }
}
