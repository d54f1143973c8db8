using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Somebody comes late: one keyframe request brings the picture, and one that is lost is made again.</summary>
public sealed class WhoJoinsSeesAPictureSoon(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void After_one_request_that_arrives(int seed, bool isFirstRequestLost)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var stays = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        stays.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(5));

        var late = server.Join(room, LinkQuality.Line(10_000_000), Equipment.Browser);
        server.Run(TimeSpan.FromMilliseconds(100));
        var requests = sender.Camera.Encodings.Sum(encoding => encoding.KeyframeRequests);
        var from = server.Time.Now;
        if (isFirstRequestLost) sender.Downlink.Quality = LinkQuality.Clean with { Loss = 1 };
        late.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromMilliseconds(250));
        sender.Downlink.Quality = LinkQuality.Clean;
        server.Run(TimeSpan.FromSeconds(3));

        var first = late.View(0).Frames[0].At - from;
        output.WriteLine($"a picture after {first.TotalMilliseconds:F0} ms, "
            + $"{sender.Camera.Encodings.Sum(encoding => encoding.KeyframeRequests) - requests} requests arrived, the other froze for {stays.View(0).FreezeBetween(from, server.Time.Now).TotalMilliseconds:F0} ms");
        Assert.True(first < TimeSpan.FromMilliseconds(isFirstRequestLost ? 550 : 250), $"a picture after {first}");
        Assert.True(stays.View(0).FreezeBetween(from, server.Time.Now) < TimeSpan.FromMilliseconds(150));
        Assert.Equal(0, late.View(0).KeyframeRequests);
    }
}
