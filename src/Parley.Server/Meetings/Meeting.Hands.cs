using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Raised hands; the times they were raised at are their order.</summary>
internal sealed partial class Meeting
{
    private async Task<Reply<bool>> SetHand(Place place, bool raised)
    {
        if ((place.State.HandRaisedAt is not null) == raised) return Done;
        return await ChangeAsync(null, [(place, place.State with { HandRaisedAt = raised ? NextHand() : null })]);
    }

    private async Task<Reply<bool>> LowerHands(Place by, string? participantId)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("lower the hands of others").As<bool>();
        if (participantId is not null && FindPlace(participantId) is null) return Refusal.ParticipantUnknown.As<bool>();
        var changes = _places
            .Where(place => place.State.HandRaisedAt is not null && (participantId is null || place.Id == participantId))
            .Select(place => (place, place.State with { HandRaisedAt = null }))
            .ToList();
        if (changes.Count == 0) return Done;
        return await ChangeAsync(by, changes, [.. changes.Select(change => Act(HostActionKind.HandsLowered, by, change.place))]);
    }

    /// <summary>Later than all hands that are up, also those of the same millisecond.</summary>
    private DateTimeOffset NextHand()
    {
        var last = _places.Max(place => place.State.HandRaisedAt);
        return last >= _context.Now ? last.Value.AddMilliseconds(1) : _context.Now;
    }
}
