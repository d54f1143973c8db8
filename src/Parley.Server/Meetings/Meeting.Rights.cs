using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>How hosts run the meeting: rights, lock, lobby and passcode.</summary>
internal sealed partial class Meeting
{
    /// <summary>Read outside of the mailbox too.</summary>
    private volatile MeetingRules _rules = MeetingRules.Open;

    private MeetingSettings Settings => new(_rules.Rights, _rules.Locked, _rules.Lobby, _rules.PasscodeHash is not null, _rules.JoinTone);

    private async Task<Reply<bool>> ChangeSettings(Place by, SettingsChange change)
    {
        if (by.Role != Role.Host) return Refusal.HostsOnly("change how the meeting is run").As<bool>();
        var before = _rules;
        var hash = before.PasscodeHash;
        if (change.Passcode is { } passcode)
        {
            if (passcode.Length > 0 && Text.Line(passcode, Passcode.Longest) is null) return Refusal.PasscodeInvalid.As<bool>();
            hash = passcode.Length == 0 ? null : Passcode.Hash(Text.Line(passcode, Passcode.Longest)!);
        }

        var after = before with
        {
            Rights = change.Rights ?? before.Rights,
            Locked = change.Locked ?? before.Locked,
            Lobby = change.Lobby ?? before.Lobby,
            JoinTone = change.JoinTone ?? before.JoinTone,
            PasscodeHash = hash,
        };
        if (after == before) return Done;

        var taken = Taken(before.Rights, after.Rights);
        await _context.Records.ChangedAsync(Id, new MeetingChange([.. taken.Select(one => one.State)], [.. Actions(by, before, after)], after));
        _rules = after;
        _summary = Summarize();
        Tell(MeetingEvents.SettingsChanged, Settings);
        Apply(by, taken);
        if (before.Rights.Mic != after.Rights.Mic) _places.ForEach(place => place.MayUnmuteOnce = false);
        if (before.Lobby && !after.Lobby) EmptyLobby();
        await ReconsiderAsync();
        return Done;
    }

    /// <summary>What goes off because its right was taken. A right that was taken before says nothing about who was asked to unmute.</summary>
    private List<(Place Place, PlaceState State)> Taken(Rights before, Rights after)
    {
        var changes = new List<(Place, PlaceState)>();
        foreach (var place in _places.Where(place => place.Role == Role.Participant))
        {
            var media = new MediaState(
                place.Media.Mic && (after.Mic || !before.Mic),
                place.Media.Cam && (after.Camera || !before.Camera),
                place.Media.Screen && (after.Screen || !before.Screen),
                place.Media.ScreenAudio);
            if (media != place.Media) changes.Add((place, place.State with { Media = media }));
        }

        return changes;
    }

    private IEnumerable<HostAction> Actions(Place by, MeetingRules before, MeetingRules after)
    {
        if (before.Rights != after.Rights) yield return Act(HostActionKind.RightsChanged, by, detail: Names(after.Rights));
        if (before.Locked != after.Locked) yield return Act(after.Locked ? HostActionKind.Locked : HostActionKind.Unlocked, by);
        if (before.Lobby != after.Lobby) yield return Act(after.Lobby ? HostActionKind.LobbyOpened : HostActionKind.LobbyClosed, by);
        if (before.PasscodeHash != after.PasscodeHash)
            yield return Act(after.PasscodeHash is null ? HostActionKind.PasscodeRemoved : HostActionKind.PasscodeSet, by);
    }

    private static string Names(Rights rights)
    {
        (bool Has, string Name)[] all =
            [(rights.Chat, "chat"), (rights.Mic, "mic"), (rights.Camera, "camera"), (rights.Screen, "screen"), (rights.Rename, "rename")];
        return string.Join(' ', all.Where(right => right.Has).Select(right => right.Name));
    }

    /// <summary>What of this a role may have on.</summary>
    private MediaState Allowed(Role role, MediaState media) => role switch
    {
        Role.Host => media,
        Role.Listener => Off,
        _ => new MediaState(media.Mic && _rules.Rights.Mic, media.Cam && _rules.Rights.Camera, media.Screen && _rules.Rights.Screen, media.ScreenAudio),
    };

    /// <summary>Why a place may not switch on what it has not on yet; null when it may.</summary>
    private ProtocolError? WhyNot(Place place, MediaState wanted)
    {
        if (place.Role == Role.Host) return null;
        var (mic, cam, screen) = (wanted.Mic && !place.Media.Mic, wanted.Cam && !place.Media.Cam, wanted.Screen && !place.Media.Screen);
        if (place.Role == Role.Listener)
            return mic || cam || screen ? Refusal.NotAllowed("You are a listener: a host can make you a participant.") : null;
        if (mic && !_rules.Rights.Mic && !place.MayUnmuteOnce) return Refusal.NoRight("switch on microphones");
        if (cam && !_rules.Rights.Camera) return Refusal.NoRight("switch on cameras");
        return screen && !_rules.Rights.Screen ? Refusal.NoRight("share screens") : null;
    }

    /// <summary>Whether only the server can hold what somebody may not send.</summary>
    private bool IsRestricted => _places.Exists(place =>
        place.Role == Role.Listener || (place.Role == Role.Participant && _rules.Rights is not { Mic: true, Camera: true, Screen: true }));
}
