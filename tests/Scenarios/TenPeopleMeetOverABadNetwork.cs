using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>Ten people, 60 s, 5 % loss, jitter and reordering in both directions: everybody hears and sees everybody.</summary>
public sealed class TenPeopleMeetOverABadNetwork(ITestOutputHelper output)
{
    private const int PeopleCount = 10;

    [Fact]
    public void Nobody_loses_more_than_concealment_hides_and_every_stream_stays_decodable()
    {
        var server = new VirtualServer(seed: 1);
        var room = server.OpenRoom();
        for (var i = 0; i < PeopleCount; i++) server.Join(room, LinkQuality.Bad);
        foreach (var person in server.People) person.Watch([.. server.People.Where(other => other != person)]);

        server.Run(TimeSpan.FromSeconds(60));

        foreach (var person in server.People)
        {
            var ears = person.Ears;
            var views = person.Views.ToList();
            output.WriteLine(
                $"{person.Number}: lost up {person.Uplink.Lost} down {person.Downlink.Lost}, heard {ears.FramesDecoded} + {ears.FramesRecovered} FEC, "
                + $"concealed {ears.FramesConcealed}, longest silence {ears.LongestSilence.TotalMilliseconds} ms, "
                + $"freeze max {views.Max(view => view.LongestFreeze).TotalMilliseconds:F0} ms, "
                + $"frames {views.Min(view => view.Decoded.Values.Sum())}–{views.Max(view => view.Decoded.Values.Sum())}, "
                + $"keyframes asked {views.Sum(view => view.KeyframeRequests)}");

            // A tone has no in-band FEC (that is the speech mode's), so this is concealment alone: what was lost, little more
            // for what came late, never more than four frames in a row, and never silence.
            Assert.True(ears.HasHeard);
            Assert.Equal(TimeSpan.Zero, ears.LongestSilence);
            Assert.True(ears.LongestConcealment <= TimeSpan.FromMilliseconds(80), $"{person.Number}: {ears.LongestConcealment} made up");
            Assert.True(ears.FramesConcealed < 0.07 * ears.FramesDecoded, $"{ears.FramesConcealed} of {ears.FramesDecoded} concealed");
            Assert.Equal(PeopleCount - 1, views.Count(view => view.Showing is not null));
            foreach (var view in views.Where(view => view.Showing is not null))
            {
                // One owner, nearly all of the 15 frames a second, and going on to the end.
                Assert.Single(view.Decoded);
                Assert.Equal(view.ToldSource, view.Showing);
                Assert.True(view.Decoded.Values.Sum() > 0.9 * 60_000 / 66, $"{view.Decoded.Values.Sum()} frames only");
                Assert.True(view.LongestFreeze < TimeSpan.FromSeconds(1), $"frozen for {view.LongestFreeze}");
                Assert.True(server.Time.Now - view.LastDecodedAt < TimeSpan.FromMilliseconds(500));
            }
        }

        // Who is heard is measured on a network that has recovered: concealment smears tones over each other's frequencies.
        foreach (var person in server.People) person.Uplink.Quality = person.Downlink.Quality = LinkQuality.Clean;
        server.Run(TimeSpan.FromSeconds(3));
        foreach (var person in server.People)
        {
            foreach (var other in server.People)
            {
                var level = person.Ears.LevelOf(other.Frequency);

                // Nine tones in 32 kb/s leave codec noise between them; that the own voice is not in the sum at all is proved
                // without a codec, in MixMinusTests.
                if (other == person) Assert.True(level < -50, $"{person.Number} hears themself at {level:F0} dB");
                else Assert.True(level > -38, $"{person.Number} hears {other.Number} at {level:F0} dB only");
            }
        }
    }
}
