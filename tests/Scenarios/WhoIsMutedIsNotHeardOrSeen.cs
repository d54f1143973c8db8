using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>The server holds a mute, whatever the client goes on sending (protocol.md §5).</summary>
public sealed class WhoIsMutedIsNotHeardOrSeen
{
    [Fact]
    public void A_client_that_sends_on_is_dropped_and_comes_back_with_a_keyframe()
    {
        var server = new VirtualServer(seed: 6);
        var room = server.OpenRoom();
        var listener = server.Join(room, LinkQuality.Clean);
        var speaker = server.Join(room, LinkQuality.Clean);
        var other = server.Join(room, LinkQuality.Clean);
        listener.Watch(speaker, other);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.True(listener.Ears.LevelOf(speaker.Frequency) > -36);
        var seen = listener.View(0).Decoded[speaker.Number];

        speaker.Connection.SetSending(audio: false, camera: false, screen: false);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.True(listener.Ears.LevelOf(speaker.Frequency) < -60);
        Assert.True(listener.Ears.LevelOf(other.Frequency) > -36);
        Assert.InRange(listener.View(0).Decoded[speaker.Number], seen, seen + 1);

        speaker.Connection.SetSending(audio: true, camera: true, screen: true);
        server.Run(TimeSpan.FromSeconds(2));
        Assert.True(listener.Ears.LevelOf(speaker.Frequency) > -36);
        Assert.True(listener.View(0).Decoded[speaker.Number] > seen + 20);
    }
}
