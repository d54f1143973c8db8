using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Two come back from peer to peer: each leaves the link only when the mix has the other's voice (protocol.md §6).</summary>
public sealed class AVoiceThatComesBackIsReported
{
    [Fact]
    public void Only_once_what_is_sent_from_now_on_is_mixed_and_nothing_flows_before()
    {
        var server = new VirtualServer(seed: 11);
        var room = server.OpenRoom();
        var ada = server.Join(room, LinkQuality.Clean);
        var bob = server.Join(room, LinkQuality.Clean);
        server.Run(TimeSpan.FromSeconds(2));

        // Peer to peer: they send nothing here, and once the mix has fallen silent nothing comes back.
        foreach (var person in new[] { ada, bob }) (person.VoiceOn, person.CameraOn) = (false, false);
        server.Run(TimeSpan.FromSeconds(4));
        var (received, sent) = (room.Counters.Received, room.Counters.Sent);
        Assert.True(received > 0 && sent > 0);
        server.Run(TimeSpan.FromSeconds(10));
        Assert.Equal((received, sent), (room.Counters.Received, room.Counters.Sent));

        room.Audio.TellWhenMixed(ada.Connection, bob.Connection);
        server.Run(TimeSpan.FromSeconds(1));
        Assert.Null(ada.InMix);
        var from = server.Time.Now;
        ada.VoiceOn = true;
        server.Run(TimeSpan.FromSeconds(1));
        var (at, listener, rtpTimestamp) = ada.InMix!.Value;
        Assert.InRange(at - from, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.Same(bob, listener);
        Assert.Null(bob.InMix);

        // The packet of that very timestamp is the first with the voice in it.
        Assert.Equal(rtpTimestamp, bob.Ears.FirstTimestamp);
        Assert.True(room.Counters.Received > received && room.Counters.Sent > sent);
        Assert.True(bob.Ears.LevelOf(ada.Frequency) > -36);
    }
}
