using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Someone leaves, someone else comes: the others go on without a freeze.</summary>
public sealed class PeopleComeAndGo
{
    [Fact]
    public void The_others_go_on_without_a_freeze_or_a_gap()
    {
        var server = new VirtualServer(seed: 5);
        var room = server.OpenRoom();
        for (var i = 0; i < 4; i++) server.Join(room, LinkQuality.Clean);
        var (stays, alsoStays, leaves) = (server.People[0], server.People[1], server.People[2]);
        stays.Watch(alsoStays, leaves);
        alsoStays.Watch(stays, leaves);
        server.Run(TimeSpan.FromSeconds(3));

        leaves.Leave();
        var late = server.Join(room, LinkQuality.Clean);
        server.Run(TimeSpan.FromSeconds(3));
        stays.Watch(alsoStays, late);
        server.Run(TimeSpan.FromSeconds(2));

        foreach (var person in new[] { stays, alsoStays })
        {
            Assert.True(person.View(0).LongestFreeze < TimeSpan.FromMilliseconds(150), $"frozen for {person.View(0).LongestFreeze}");
            Assert.Equal(TimeSpan.Zero, person.Ears.LongestSilence);
            Assert.True(person.Ears.LevelOf(leaves.Frequency) < -50, $"{person.Ears.LevelOf(leaves.Frequency):F0} dB of who left");
            Assert.True(person.Ears.LevelOf(late.Frequency) > -38);
        }

        Assert.Null(alsoStays.View(1).ToldSource);
        Assert.Equal(late.Number, stays.View(1).Showing);
    }
}
