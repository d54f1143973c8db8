using Parley.Media;
using Parley.Media.Ice;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Someone walks out of the Wi-Fi in the middle of a meeting and restarts ICE from their new address.</summary>
public sealed class WhoChangesTheirNetworkRestartsAndGoesOn
{
    private static readonly TransportAddress NewPlace = TransportAddress.FromIPv4(0xC6336405, 50_000);
    private static readonly TimeSpan FrameSlack = TimeSpan.FromMilliseconds(150);

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(50)]
    public void Media_flows_again_and_the_others_lose_nothing(int secondsOfSignalling)
    {
        var signalling = TimeSpan.FromSeconds(secondsOfSignalling);
        var server = new VirtualServer(seed: 11);
        var room = server.OpenRoom();
        for (var i = 0; i < 3; i++) server.Join(room, LinkQuality.Clean);
        var (walker, stays, alsoStays) = (server.People[0], server.People[1], server.People[2]);
        walker.Watch(stays, alsoStays);
        stays.Watch(walker, alsoStays);
        alsoStays.Watch(walker, stays);
        server.Run(TimeSpan.FromSeconds(5));
        var inNetwork = walker.Connection;

        walker.Move(NewPlace, signalling, seed: 99);
        server.Run(signalling + TimeSpan.FromSeconds(1));
        Assert.Equal(NewPlace, walker.Connection.Remote);
        Assert.Same(inNetwork, walker.Connection);
        foreach (var person in server.People) person.Ears.Forget();
        server.Run(TimeSpan.FromSeconds(3));

        // Both ways: voice and picture.
        foreach (var person in server.People)
        {
            Assert.Equal(TimeSpan.Zero, person.Ears.LongestSilence);
            foreach (var other in server.People.Where(other => other != person))
            {
                Assert.True(person.Ears.LevelOf(other.Frequency) > -38, $"{other.Number} is not heard by {person.Number}");
            }

            foreach (var view in person.Views.Where(view => view.ToldSource is not null))
            {
                Assert.Equal(view.ToldSource, view.Showing);
                Assert.True(server.Time.Now - view.LastDecodedAt < FrameSlack, $"{view.Mid} of {person.Number} stands still");
            }
        }

        // Those who stayed never lost each other, nor were told anything.
        Assert.True(stays.View(1).LongestFreeze < FrameSlack, $"frozen for {stays.View(1).LongestFreeze}");
        Assert.True(alsoStays.View(1).LongestFreeze < FrameSlack, $"frozen for {alsoStays.View(1).LongestFreeze}");
        Assert.DoesNotContain(server.States, told => told.Person != walker && told.State != IceState.Connected);
    }

    /// <summary>Make before break: who restarts while the old way still works hears no gap and sees no freeze.</summary>
    [Fact]
    public void Who_restarts_without_having_moved_notices_nothing()
    {
        var server = new VirtualServer(seed: 12);
        var room = server.OpenRoom();
        for (var i = 0; i < 2; i++) server.Join(room, LinkQuality.Clean);
        var (one, two) = (server.People[0], server.People[1]);
        one.Watch(two);
        two.Watch(one);
        server.Run(TimeSpan.FromSeconds(5));

        one.Move(one.Address, TimeSpan.FromSeconds(8), seed: 98);
        server.Run(TimeSpan.FromSeconds(15));
        foreach (var person in server.People)
        {
            Assert.Equal(TimeSpan.Zero, person.Ears.LongestSilence);
            Assert.True(person.View(0).LongestFreeze < FrameSlack, $"frozen for {person.View(0).LongestFreeze}");
        }

        Assert.All(server.States, told => Assert.Equal(IceState.Connected, told.State));
        Assert.Null(one.Connection.Ice.Previous);
    }
}
