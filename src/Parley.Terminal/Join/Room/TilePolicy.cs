using Parley.Protocol;

namespace Parley.Terminal.Join.Room;

/// <summary>Decides whose camera is shown. Who stays, stays in place: a tile moves only when someone else needs it.</summary>
internal static class TilePolicy
{
    /// <summary>Whom to show in each tile.</summary>
    /// <param name="people">In join order.</param>
    /// <param name="ownId">Ourselves: shown only while alone.</param>
    /// <param name="isSpeaking">Who speaks now.</param>
    /// <param name="dominant">Who speaks most, or null.</param>
    /// <param name="shown">The answer last time.</param>
    /// <param name="most">Tiles there are.</param>
    public static List<string> Choose(
        IReadOnlyList<Participant> people, string ownId, Func<string, bool> isSpeaking, string? dominant, IReadOnlyList<string> shown, int most)
    {
        var alone = people.All(person => person.Id == ownId);
        var seen = people.Where(person => person.Media.Cam && (alone || person.Id != ownId)).Select(person => person.Id).ToList();
        var chosen = seen
            .Select((id, order) => (Id: id, Rank: id == dominant ? 0 : isSpeaking(id) ? 1 : shown.Contains(id) ? 2 : 3, Order: order))
            .OrderBy(one => one.Rank).ThenBy(one => one.Order)
            .Take(most).Select(one => one.Id).ToHashSet();

        var tiles = new List<string>(most);
        var come = new Queue<string>(seen.Where(id => chosen.Contains(id) && !shown.Contains(id)));
        foreach (var id in shown)
        {
            if (chosen.Contains(id)) tiles.Add(id);
            else if (come.TryDequeue(out var next)) tiles.Add(next);
        }

        tiles.AddRange(come);
        return tiles;
    }
}
