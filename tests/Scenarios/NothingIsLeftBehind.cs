using Parley.Media.Tests.Forwarding;
using Parley.Scenarios.World;

namespace Parley.Scenarios;

/// <summary>A long meeting with all of adaptation, in which people come, look elsewhere and leave: it can be repeated, and gives back every buffer.</summary>
public sealed class NothingIsLeftBehind
{
    private static readonly LinkQuality[] Links =
        [LinkQuality.Clean, LinkQuality.Line(1_500_000), LinkQuality.Bad, LinkQuality.Line(5_000_000) with { Loss = 0.05 }];

    [Fact]
    public void Every_buffer_goes_back_to_the_pool()
    {
        using var pool = new PoolWatch();
        Meet(seed: 1);

        Assert.True(pool.Rented > 10_000);
        Assert.Equal(0, PoolWatch.Missing);
    }

    [Fact]
    public void The_same_seed_gives_the_same_packets()
    {
        var first = Meet(seed: 2);

        Assert.Equal(first, Meet(seed: 2));
        Assert.NotEqual(first, Meet(seed: 3));
    }

    private static string Meet(int seed)
    {
        var server = new VirtualServer(seed);
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
        }

        while (here.Count > 0) Leave(here, random);
        return Convert.ToHexString(server.Sent.GetHashAndReset());
    }

    private static void Leave(List<Person> here, Random random)
    {
        var index = random.Next(here.Count);
        here[index].Leave();
        here.RemoveAt(index);
    }
}
