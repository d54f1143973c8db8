using Parley.Media;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A bad link shows in the figures of who has it, and in nobody else's.</summary>
public sealed class WhyAPictureIsBadIsCounted(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_a_narrow_link_the_estimate_switches_waits_and_pauses_tell(int seed)
    {
        var server = new VirtualServer(seed);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var other = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var good = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        var narrow = server.Join(room, LinkQuality.Line(4_000_000), Equipment.Browser);
        foreach (var viewer in (Person[])[good, narrow]) viewer.Watch(Person.Wish(0, sender, 720), Person.Wish(1, other, 180));
        server.Run(TimeSpan.FromSeconds(15));
        var before = Read(narrow);
        narrow.Downlink.Quality = LinkQuality.Line(300_000);
        server.Run(TimeSpan.FromSeconds(6));
        var waited = narrow.Connection.ReadPath(server.Time.Now);
        server.Run(TimeSpan.FromSeconds(14));
        var (less, path) = (Read(narrow), narrow.Connection.ReadPath(server.Time.Now));
        narrow.Downlink.Quality = LinkQuality.Line(60_000);
        server.Run(TimeSpan.FromSeconds(20));
        var (least, end, well) = (Read(narrow), narrow.Connection.ReadPath(server.Time.Now), good.Connection.ReadPath(server.Time.Now));
        foreach (var line in (object[])[waited, path, end, well]) output.WriteLine($"{line}");
        foreach (var occurrence in Enum.GetValues<Occurrence>())
        {
            var at = (int)occurrence;
            output.WriteLine($"{occurrence}: {before[at]}, at 300 kb/s {less[at] - before[at]}, at 60 kb/s {least[at] - less[at]}");
        }

        Assert.InRange(path.Estimate!.Value, 150_000, 400_000);
        Assert.True(path.Allocated > 0 && path.Allocated < path.Wanted / 2, $"{path.Allocated} of {path.Wanted}");
        Assert.True(path is { Pictures: 2, Reduced: >= 1 });
        Assert.True(waited.WaitMax > TimeSpan.FromMilliseconds(20) && waited.WaitMean > TimeSpan.Zero && waited.WaitMean < waited.WaitMax, $"{waited}");
        Assert.True(less[(int)Occurrence.EncodingSwitch] > before[(int)Occurrence.EncodingSwitch]);
        Assert.True(less[(int)Occurrence.TemporalSwitch] > before[(int)Occurrence.TemporalSwitch]);
        Assert.True(before[(int)Occurrence.Padding] > 0, "no probe");
        Assert.True(end.Estimate < 150_000 && end.Paused >= 1, $"{end}");
        Assert.True(least[(int)Occurrence.Paused] > before[(int)Occurrence.Paused]);
        Assert.True(least[(int)Occurrence.RetransmissionRefused] > before[(int)Occurrence.RetransmissionRefused]);

        Assert.Equal((2, 0, 0, well.Wanted), (well.Pictures, well.Reduced, well.Paused, well.Allocated));
        Assert.True(well.Estimate > 1_000_000);
        Assert.Equal((0, 0), (Of(good, Occurrence.Paused), Of(good, Occurrence.NackReceived)));
        foreach (var occurrence in Enum.GetValues<Occurrence>())
        {
            Assert.Equal(room.Counters.Count(occurrence), server.People.Sum(person => Of(person, occurrence)));
            Assert.Equal(room.Counters.Count(occurrence), server.Engine.Counters.Count(occurrence));
        }
    }

    [Fact]
    public void Of_a_lossy_link_up_losses_and_repairs_tell()
    {
        var server = new VirtualServer(1);
        var room = server.OpenRoom();
        var sender = server.Join(room, LinkQuality.Clean with { Loss = 0.05 }, Equipment.Browser);
        var viewer = server.Join(room, LinkQuality.Clean, Equipment.Browser);
        viewer.Watch(Person.Wish(0, sender, 720));
        server.Run(TimeSpan.FromSeconds(30));
        var (lost, received) = (Of(sender, Occurrence.Lost), sender.Connection.Counters.Received);
        output.WriteLine($"{lost} of {received} lost, {Of(sender, Occurrence.Repaired)} repaired, {Of(sender, Occurrence.NackSent)} asked for again");
        Assert.InRange((double)lost / received, 0.03, 0.07);
        Assert.True(Of(sender, Occurrence.NackSent) >= Of(sender, Occurrence.Repaired));
        Assert.True(Of(sender, Occurrence.Repaired) > lost / 2, "hardly anything repaired");
        Assert.Equal((0, lost), (Of(viewer, Occurrence.Lost), room.Counters.Count(Occurrence.Lost)));
    }

    private static long[] Read(Person person) => [.. Enum.GetValues<Occurrence>().Select(occurrence => Of(person, occurrence))];

    private static long Of(Person person, Occurrence occurrence) => person.Connection.Counters.Count(occurrence);
}
