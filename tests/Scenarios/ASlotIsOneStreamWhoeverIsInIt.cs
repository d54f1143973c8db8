using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A slot changes its source many times over a lossy link and stays one decodable stream (design §4).</summary>
public sealed class ASlotIsOneStreamWhoeverIsInIt
{
    [Fact]
    public void Switching_every_second_never_breaks_the_decoder()
    {
        var server = new VirtualServer(seed: 3);
        var room = server.OpenRoom();
        var viewer = server.Join(room, LinkQuality.Bad);
        var others = Enumerable.Range(0, 4).Select(_ => server.Join(room, LinkQuality.Bad)).ToList();
        for (var second = 0; second < 40; second++)
        {
            viewer.Watch(others[second % 4]);
            server.Run(TimeSpan.FromSeconds(1));

            // Told and shown agree: a name never stands under another's picture.
            Assert.Equal(others[second % 4].Number, viewer.View(0).ToldSource);
            Assert.Equal(viewer.View(0).ToldSource, viewer.View(0).Showing);
        }

        Assert.Equal(4, viewer.View(0).Decoded.Count);
        Assert.True(viewer.View(0).LongestFreeze < TimeSpan.FromSeconds(1), $"frozen for {viewer.View(0).LongestFreeze}");
    }

    [Fact]
    public void The_old_picture_goes_on_until_the_new_one_is_there()
    {
        var server = new VirtualServer(seed: 4);
        var room = server.OpenRoom();
        var viewer = server.Join(room, LinkQuality.Clean);
        var first = server.Join(room, LinkQuality.Clean);
        var second = server.Join(room, LinkQuality.Clean);
        viewer.Watch(first);
        server.Run(TimeSpan.FromSeconds(2));
        second.CameraOn = false;
        viewer.Watch(second);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(first.Number, viewer.View(0).Showing);
        Assert.True(server.Time.Now - viewer.View(0).LastDecodedAt < TimeSpan.FromMilliseconds(200));

        second.CameraOn = true;
        server.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(second.Number, viewer.View(0).Showing);
        Assert.True(viewer.View(0).LongestFreeze < TimeSpan.FromMilliseconds(200), $"frozen for {viewer.View(0).LongestFreeze}");
    }
}
