using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>How anything about a place changes that others may see: written, then done, then told.</summary>
internal sealed partial class Meeting
{
    private static readonly Reply<bool> Done = new(true, null);
    private static readonly MediaState Off = new(false, false);

    /// <summary>The place that a host's call names; without a name there is none.</summary>
    private Place? FindPlace(string? id) => id is null ? null : _places.Find(place => place.Id == id);

    private HostAction Act(HostActionKind what, Place? by, Place? target = null, string? detail = null) =>
        new(what, _context.Now, by is { Id.Length: > 0 } ? by.Id : null, by?.Name, target?.Id, target?.Name, detail);

    /// <summary>Writes new states of places, and what hosts did, and does it.</summary>
    /// <param name="by">Told to whose sources go off with it.</param>
    private async Task<Reply<bool>> ChangeAsync(Place? by, IReadOnlyList<(Place Place, PlaceState State)> changes, params IReadOnlyList<HostAction> actions)
    {
        await _context.Records.ChangedAsync(Id, new MeetingChange([.. changes.Select(change => change.State)], actions));
        Apply(by, changes);
        await ReconsiderAsync();
        return Done;
    }

    private void Apply(Place? by, IReadOnlyList<(Place Place, PlaceState State)> changes)
    {
        foreach (var (place, state) in changes)
        {
            var before = place.State;
            place.State = state;
            if (before.Media != state.Media) TellMedia(plane => plane.SetMedia(place.Id, state.Media));
            TellSwitchedOff(place, before.Media, state.Media, by);
            Tell(MeetingEvents.ParticipantChanged, place.Seen);
            if (before.Role != state.Role) place.MayUnmuteOnce = false;
            if (before.Role != Role.Host && state.Role == Role.Host) TellLobby(place);
        }
    }

    private static void TellSwitchedOff(Place place, MediaState before, MediaState after, Place? by)
    {
        if (before.Mic && !after.Mic) Say(MediaSource.Microphone);
        if (before.Cam && !after.Cam) Say(MediaSource.Camera);
        if (before.Screen && !after.Screen) Say(MediaSource.Screen);

        void Say(MediaSource source) => place.Link?.Send(MeetingEvents.SwitchedOff, new SwitchedOff(source, by?.Name));
    }

    /// <summary>A name of an enum as it stands on the wire.</summary>
    private static string Wire<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
