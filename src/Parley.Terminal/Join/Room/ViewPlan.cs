using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Terminal.Join.Room;

/// <summary>Whose pictures to ask for when they are saved: all that there are slots for, and at a size worth keeping.</summary>
internal static class ViewPlan
{
    /// <summary>Pixels; the server sends the layer that is nearest.</summary>
    public const int SavedWidth = 640;

    /// <summary>Likewise.</summary>
    public const int SavedHeight = 360;

    /// <summary>The tiles first, then the others with a camera in the order they came.</summary>
    /// <param name="tiles">What the screen needs.</param>
    /// <param name="people">In join order.</param>
    /// <param name="ownId">Ourselves.</param>
    /// <param name="slots">How many can be asked for.</param>
    public static IReadOnlyList<ViewRequest> ForSaving(IReadOnlyList<ViewRequest> tiles, IReadOnlyList<Participant> people, string ownId, int slots)
    {
        var wanted = tiles.Select(tile => tile with { Width = Math.Max(tile.Width, SavedWidth), Height = Math.Max(tile.Height, SavedHeight) });
        var others = people
            .Where(person => person.Media.Cam && person.Id != ownId && tiles.All(tile => tile.ParticipantId != person.Id))
            .Select(person => new ViewRequest(person.Id, VideoSourceKind.Camera, SavedWidth, SavedHeight));
        return [.. wanted.Concat(others).Take(slots)];
    }
}
