using CsCheck;
using Parley.Protocol;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Tests.Join.Room;

public sealed class TilePolicyTests
{
    [Fact]
    public void Shows_who_has_a_camera_in_join_order() =>
        Assert.Equal(["b", "d"], Choose([People.Of("a", cam: true), People.Of("b", cam: true), People.Of("c"), People.Of("d", cam: true)]));

    [Fact]
    public void Ones_own_camera_is_shown_only_while_alone()
    {
        Assert.Equal(["a"], Choose([People.Of("a", cam: true)]));
        Assert.Empty(Choose([People.Of("a", cam: true), People.Of("b")]));
    }

    [Fact]
    public void Who_speaks_comes_before_who_only_came_earlier() =>
        Assert.Equal(["e", "b", "c", "g"], Choose(Six, speaking: ["e"], dominant: "g", shown: ["d", "b", "c"]));

    [Fact]
    public void Who_stays_stays_in_place()
    {
        var shown = Choose(Six, speaking: ["g"], dominant: "g", shown: ["b", "c", "d", "e"]);
        Assert.Equal(["b", "c", "d", "g"], shown);
        Assert.Equal(shown, Choose(Six, shown: shown));
    }

    [Fact]
    public void Never_shows_anyone_twice_and_never_leaves_a_tile_empty_that_could_be_filled()
    {
        var ids = Pick.From("b", "c", "d", "e", "f", "g");
        Gen.Select(ids.Array[0, 6], ids.Array[0, 4], ids, ids.Array[0, 4]).Sample((on, speaking, dominant, shown) =>
        {
            var people = Six.Select(person => person with { Media = new MediaState(true, on.Contains(person.Id)) }).ToList();
            var tiles = Choose(people, speaking, dominant, shown.Distinct().ToArray());

            Assert.Equal(Math.Min(on.Distinct().Count(id => people.Any(person => person.Id == id)), 4), tiles.Count);
            Assert.Equal(tiles.Count, tiles.Distinct().Count());
            Assert.All(tiles, id => Assert.Contains(id, on));
        });
    }

    private static readonly Participant[] Six =
        [People.Of("a"), .. new[] { "b", "c", "d", "e", "f", "g" }.Select(id => People.Of(id, cam: true))];

    private static List<string> Choose(IReadOnlyList<Participant> people, string[]? speaking = null, string? dominant = null, IReadOnlyList<string>? shown = null) =>
        TilePolicy.Choose(people, "a", id => speaking?.Contains(id) == true, dominant, shown ?? [], 4);

}
