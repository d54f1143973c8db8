using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Two meetings on one engine and one port: no tone and no picture crosses, even when it is asked for.</summary>
public sealed class MeetingsNeverCross
{
    [Fact]
    public void No_tone_and_no_picture_crosses()
    {
        var server = new VirtualServer(seed: 9);
        var (here, there) = (server.OpenRoom(), server.OpenRoom());
        var inside = new[] { server.Join(here, LinkQuality.Clean), server.Join(here, LinkQuality.Clean) };
        var outside = new[] { server.Join(there, LinkQuality.Clean), server.Join(there, LinkQuality.Clean) };

        // Once before any camera runs and once after: two different ways to a source.
        for (var round = 0; round < 2; round++)
        {
            inside[0].Watch(inside[1], outside[0]);
            inside[1].Watch(inside[0], outside[1]);
            outside[0].Watch(outside[1], inside[0]);
            outside[1].Watch(outside[0], inside[1]);
            server.Run(TimeSpan.FromSeconds(2));
        }

        foreach (var (mine, others) in new[] { (inside, outside), (outside, inside) })
        {
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(mine[1 - i].Number, mine[i].View(0).Showing);
                Assert.Null(mine[i].View(1).Showing);
                Assert.Null(mine[i].View(1).ToldSource);
                Assert.True(mine[i].Ears.LevelOf(mine[1 - i].Frequency) > -36);
                foreach (var stranger in others) AssertAbsent(mine[i].Ears, stranger.Frequency);
            }
        }
    }

    /// <summary>Opus adds noise beside tones: what is absent is below −70 dB, or no louder than 6 dB above the noise around it.</summary>
    private static void AssertAbsent(Ears ears, double frequency)
    {
        var noise = new double[] { -37, -29, -23, 23, 29, 37 }.Max(offset => ears.LevelOf(frequency + offset));
        Assert.True(ears.LevelOf(frequency) < Math.Max(noise + 6, -70), $"{ears.LevelOf(frequency):F1} dB; noise {noise:F1}");
    }
}
