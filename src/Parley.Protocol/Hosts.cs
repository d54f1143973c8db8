namespace Parley.Protocol;

/// <summary>What a participant may do (protocol.md §7).</summary>
public enum Role
{
    Host,
    Participant,

    /// <summary>Hears and sees, and sends no media.</summary>
    Listener,
}

/// <summary>What participants who are no hosts may do.</summary>
public sealed record Rights(bool Chat, bool Mic, bool Camera, bool Screen, bool Rename)
{
    /// <summary>How a meeting begins.</summary>
    public static Rights All { get; } = new(true, true, true, true, true);
}

/// <summary>How hosts run the meeting; of the passcode only whether there is one.</summary>
public sealed record MeetingSettings(Rights Rights, bool Locked, bool Lobby, bool Passcode, bool JoinTone = false);

/// <summary>The argument of changeSettings: null stays as it is, and an empty passcode removes it.</summary>
public sealed record SettingsChange(Rights? Rights = null, bool? Locked = null, bool? Lobby = null, string? Passcode = null, bool? JoinTone = null);

/// <summary>The argument of setRole.</summary>
public sealed record SetRole(string? ParticipantId, Role Role);

/// <summary>What a participant sends.</summary>
public enum MediaSource
{
    Microphone,
    Camera,
    Screen,
}

/// <summary>The argument of switchOff; without a participant all who are no hosts are meant.</summary>
public sealed record SwitchOff(string? ParticipantId, MediaSource Source);

/// <summary>The argument of rename; without a participant oneself is meant.</summary>
public sealed record Rename(string? ParticipantId, string? Name);

/// <summary>The argument of remove.</summary>
public sealed record RemoveParticipant(string? ParticipantId, bool MayReturn);

/// <summary>The body of PATCH /api/meetings/{id}/participants/{participantId}: what is not said stays.</summary>
public sealed record ParticipantChange(string? Name = null, Role? Role = null, IReadOnlyList<MediaSource>? SwitchOff = null, bool AskToUnmute = false);

/// <summary>The argument of answerKnock; without an id all who wait are meant.</summary>
public sealed record KnockAnswer(string? WaitingId, bool Admit);

/// <summary>One who waits in the lobby.</summary>
public sealed record Waiting(string Id, string Name, DateTimeOffset Since);

/// <summary>All who wait, in order; hosts are told.</summary>
public sealed record LobbyChanged(IReadOnlyList<Waiting> Waiting);

/// <summary>A host switched one's own source off.</summary>
public sealed record SwitchedOff(MediaSource Source, string? By);

/// <summary>A host asks one to switch the microphone on.</summary>
public sealed record AskedToUnmute(string By);

/// <summary>A host has removed one.</summary>
public sealed record Removed(string By, bool MayReturn, string Message);

/// <summary>Out of the lobby: join again with this token.</summary>
public sealed record Admitted(string ResumeToken);

/// <summary>Not let in.</summary>
public sealed record TurnedAway(string Message);

/// <summary>How loud one participant hears another: 0 (not at all) to 2, 1 as they are.</summary>
public sealed record VoiceVolume(string? ParticipantId, double Volume);

/// <summary>What a host did.</summary>
public enum HostActionKind
{
    RoleChanged,

    /// <summary>The server made somebody host, because the last one had left.</summary>
    HostChosen,

    RightsChanged,
    Locked,
    Unlocked,
    LobbyOpened,
    LobbyClosed,
    PasscodeSet,
    PasscodeRemoved,
    SwitchedOff,
    AskedToUnmute,
    HandsLowered,
    Renamed,
    Removed,
    Barred,
    Admitted,
    TurnedAway,
    ModePinned,

    /// <summary>A message of another.</summary>
    ChatDeleted,
}

/// <summary>Who did what to whom, and when; the names as they were then.</summary>
public sealed record HostAction(
    HostActionKind Action,
    DateTimeOffset At,
    string? ById = null,
    string? By = null,
    string? TargetId = null,
    string? Target = null,
    string? Detail = null);
