using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Who is host, participant or listener.</summary>
internal sealed partial class Meeting
{
    private async Task<Reply<bool>> SetRole(Place by, SetRole ask)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("give roles").As<bool>();
        if (!Enum.IsDefined(ask.Role)) return Refusal.RequestInvalid("A role is host, participant or listener.").As<bool>();
        if (FindPlace(ask.ParticipantId) is not { } place) return Refusal.ParticipantUnknown.As<bool>();
        if (place.Role == ask.Role) return Done;
        if (place.Role == Role.Host && !HasOtherHost(place))
            return Refusal.NotAllowed("A meeting keeps a host: make somebody else host first.").As<bool>();
        var after = place.State with { Role = ask.Role, Media = Allowed(ask.Role, place.Media) };
        return await ChangeAsync(by, [(place, after)], Act(HostActionKind.RoleChanged, by, place, Wire(ask.Role)));
    }

    /// <summary>Who comes back with the creator secret is host again.</summary>
    private async Task BecomeHostAsync(Place place)
    {
        if (place.Role == Role.Host) return;
        await ChangeAsync(null, [(place, place.State with { Role = Role.Host })], Act(HostActionKind.RoleChanged, place, place, Wire(Role.Host)));
    }

    private bool HasOtherHost(Place place) => _places.Exists(other => other != place && other.Role == Role.Host);

    /// <summary>
    /// Who is host when <paramref name="leaving"/> is gone and was the last one: no listener if it can be avoided, then somebody who is
    /// connected, then who has been there longest.
    /// </summary>
    private Place? FindHeir(Place leaving) => leaving.Role != Role.Host || HasOtherHost(leaving)
        ? null
        : _places.Where(place => place != leaving).OrderBy(place => place.Role == Role.Listener).ThenBy(place => place.Link is null).FirstOrDefault();
}
