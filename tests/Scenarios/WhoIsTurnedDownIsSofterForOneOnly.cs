using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A listener has a volume for each other; whose it is has nothing to do with anybody else's mix.</summary>
public sealed class WhoIsTurnedDownIsSofterForOneOnly
{
    [Fact]
    public void Also_when_they_come_into_the_mix_only_then_and_until_they_are_turned_up_again()
    {
        var server = new VirtualServer(seed: 26);
        var room = server.OpenRoom();
        var listener = server.Join(room, LinkQuality.Clean);
        var (speaker, other) = (server.Join(room, LinkQuality.Clean), server.Join(room, LinkQuality.Clean));
        room.Audio.SetVolume(listener.Connection, speaker.Connection, 0.1f);
        server.Run(TimeSpan.FromSeconds(2));

        var usual = other.Ears.LevelOf(speaker.Frequency);
        Assert.True(usual > -36);
        Assert.Equal(usual - 20, listener.Ears.LevelOf(speaker.Frequency), 3.0);
        Assert.True(listener.Ears.LevelOf(other.Frequency) > -36);

        room.Audio.SetVolume(listener.Connection, speaker.Connection, 1);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(usual, listener.Ears.LevelOf(speaker.Frequency), 3.0);
    }
}
