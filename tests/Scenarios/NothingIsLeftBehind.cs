using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A long meeting with all of adaptation, in which people come, look elsewhere and leave: it can be repeated, and gives back all memory.</summary>
public sealed class NothingIsLeftBehind
{
    private static readonly LinkQuality[] Links =
        [LinkQuality.Clean, LinkQuality.Line(1_500_000), LinkQuality.Bad, LinkQuality.Line(5_000_000) with { Loss = 0.05 }];

    [Fact]
    public void Every_page_of_packets_goes_back()
    {
        var server = new VirtualServer(1);
        var most = 0;
        Meet(server, 1, () => most = Math.Max(most, server.Engine.PacketPages.InUse));

        Assert.True(most > 100);
        Assert.Equal(0, server.Engine.PacketPages.InUse);
    }

    [Fact]
    public void The_same_seed_gives_the_same_packets()
    {
        var first = Meet(2);

        Assert.Equal(first, Meet(2));
        Assert.NotEqual(first, Meet(3));
    }

    private static string Meet(int seed)
    {
        var server = new VirtualServer(seed);
        Meet(server, seed, () => { });
        return Convert.ToHexString(server.Sent.GetHashAndReset());
    }

    private static void Meet(VirtualServer server, int seed, Action eachSecond)
    {
        var room = server.OpenRoom();
        var random = new Random(seed);
        var here = new List<Person>();
        for (var second = 0; second < 40; second++)
        {
            if (here.Count < 4) here.Add(server.Join(room, Links[random.Next(Links.Length)], Equipment.Presenter));
            else if (random.Next(4) == 0) Leave(here, random);
            foreach (var person in here.Where(_ => random.Next(3) == 0))
            {
                person.Watch([.. here.Where(other => other != person).Select((other, i) => Person.Wish(i, other, 180 << random.Next(3)))]);
            }

            server.Run(TimeSpan.FromSeconds(1));
            eachSecond();
        }

        while (here.Count > 0) Leave(here, random);
    }

    private static void Leave(List<Person> here, Random random)
    {
        var index = random.Next(here.Count);
        here[index].Leave();
        here.RemoveAt(index);
    }
}
