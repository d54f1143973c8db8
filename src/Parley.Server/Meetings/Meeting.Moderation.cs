using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>What hosts do to others: switch off, ask, rename, remove. Nobody is ever switched on by another.</summary>
internal sealed partial class Meeting
{
    private readonly RemovedTokens _removed = new();

    private async Task<Reply<bool>> SwitchOff(Place by, SwitchOff ask)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("switch off what others send").As<bool>();
        if (!Enum.IsDefined(ask.Source)) return Refusal.RequestInvalid("What can be switched off is microphone, camera or screen.").As<bool>();
        List<Place> targets;
        if (ask.ParticipantId is null) targets = _places.FindAll(place => place.Role != Role.Host);
        else if (FindPlace(ask.ParticipantId) is { } one) targets = [one];
        else return Refusal.ParticipantUnknown.As<bool>();

        // Who was asked to unmute and has not yet is not asked any more.
        if (ask.Source == MediaSource.Microphone) targets.ForEach(place => place.MayUnmuteOnce = false);
        var changes = targets
            .Select(place => (Place: place, State: place.State with { Media = Without(place.Media, ask.Source) }))
            .Where(change => change.State != change.Place.State)
            .ToList();
        if (changes.Count == 0) return Done;
        return await ChangeAsync(by, changes, [.. changes.Select(change => Act(HostActionKind.SwitchedOff, by, change.Place, Wire(ask.Source)))]);
    }

    private async Task<Reply<bool>> AskToUnmute(Place by, string? participantId)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("ask others to unmute").As<bool>();
        if (FindPlace(participantId) is not { } place) return Refusal.ParticipantUnknown.As<bool>();
        if (place.Role == Role.Listener) return Refusal.NotAllowed("A listener cannot unmute: make them a participant first.").As<bool>();
        if (place.Media.Mic) return Done;
        await _context.Records.ChangedAsync(Id, new MeetingChange([], [Act(HostActionKind.AskedToUnmute, by, place)]));
        place.MayUnmuteOnce = true;
        place.Link?.Send(MeetingEvents.AskedToUnmute, new AskedToUnmute(by.Name));
        return Done;
    }

    private async Task<Reply<bool>> Rename(Place by, Rename ask)
    {
        var isOwn = ask.ParticipantId is null || ask.ParticipantId == by.Id;
        if (!isOwn && by.Role != Role.Host) return Refusal.HostsOnly("rename others").As<bool>();
        if (by.Role != Role.Host && !_rules.Rights.Rename) return Refusal.NoRight("rename themselves").As<bool>();
        if (isOwn && by.Role != Role.Host && by.State.NameGiven) return Refusal.NameGiven.As<bool>();
        var limit = _context.Options.Limits.NameLength;
        if (Text.Line(ask.Name, limit) is not { } name) return Refusal.NameInvalid(limit).As<bool>();
        if ((isOwn ? by : FindPlace(ask.ParticipantId)) is not { } place) return Refusal.ParticipantUnknown.As<bool>();
        if (place.Name == name) return Done;
        var change = (place, place.State with { Name = name });
        return isOwn ? await ChangeAsync(null, [change]) : await ChangeAsync(by, [change], Act(HostActionKind.Renamed, by, place, name));
    }

    private async Task<Reply<bool>> Remove(Place by, RemoveParticipant ask)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("remove others").As<bool>();
        if (FindPlace(ask.ParticipantId) is not { } place) return Refusal.ParticipantUnknown.As<bool>();
        if (place == by) return Refusal.RequestInvalid("Who wants to go leaves.").As<bool>();
        // Unlike other ways out this one was promised to a person: without it on disk the place stays.
        var (reason, action) = ask.MayReturn ? (LeaveReason.Removed, HostActionKind.Removed) : (LeaveReason.Barred, HostActionKind.Barred);
        await _context.Records.ParticipantLeftAsync(Id, place.Id, reason, _context.Now, new MeetingChange([], [Act(action, by, place)]));
        _removed.Add(new RemovedPlace(place.TokenHash, !ask.MayReturn, place.BearerHash));
        place.Link?.Send(MeetingEvents.Removed, new Removed(by.Name, ask.MayReturn, Refusal.RemovedSentence(by.Name)));
        place.Link?.Close();
        await GoneAsync(place, reason, null);
        return Done;
    }

    private static MediaState Without(MediaState media, MediaSource source) => source switch
    {
        MediaSource.Microphone => media with { Mic = false },
        MediaSource.Camera => media with { Cam = false },
        _ => media with { Screen = false, ScreenAudio = false },
    };
}
