using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>What happens in a meeting, in order. The session's properties have changed already when its event is read.</summary>
public abstract record MeetingEvent;

/// <summary>Someone came.</summary>
public sealed record ParticipantJoined(Participant Participant) : MeetingEvent;

/// <summary>Someone's name, role, hand, devices or presence changed.</summary>
public sealed record ParticipantChanged(Participant Participant) : MeetingEvent;

/// <summary>Someone is gone.</summary>
public sealed record ParticipantGone(Participant Participant, LeaveReason Reason) : MeetingEvent;

/// <summary>A line of chat, also one's own.</summary>
public sealed record ChatAdded(ChatMessage Message) : MeetingEvent;

/// <summary>A message that is known here has other reactions, or was deleted: this is it now.</summary>
public sealed record ChatChanged(ChatMessage Message) : MeetingEvent;

/// <summary>Somebody gave a sign to all, one of six emoji; nothing of it is kept.</summary>
public sealed record SignGiven(Participant Participant, string Emoji) : MeetingEvent;

/// <summary>Who speaks now.</summary>
public sealed record SpeakersChanged(IReadOnlyList<string> Speaking, string? Dominant) : MeetingEvent;

/// <summary>What is seen of someone is from now on as good as the size asked for can use, less, or paused.</summary>
public sealed record PictureQualityChanged(PictureQuality Picture) : MeetingEvent;

/// <summary>One's own media connection.</summary>
public sealed record MediaStateChanged(MediaConnectionState State, string? Message) : MeetingEvent;

/// <summary>The server says who carries the media, and why.</summary>
public sealed record ModeChanged(ModeState Mode) : MeetingEvent;

/// <summary>What is heard and seen comes another way from now on; the app has nothing to do.</summary>
public sealed record PathChanged(MeetingMode Path) : MeetingEvent;

/// <summary>Hosts run the meeting another way now.</summary>
public sealed record SettingsChanged(MeetingSettings Settings) : MeetingEvent;

/// <summary>For hosts: all who wait in the lobby, in order.</summary>
public sealed record WaitingChanged(IReadOnlyList<Waiting> Waiting) : MeetingEvent;

/// <summary>A host switched one's own microphone, camera or screen off; it is off already.</summary>
public sealed record SourceSwitchedOff(MediaSource Source, string? By) : MeetingEvent;

/// <summary>A host asks one to switch the microphone on; nobody else can.</summary>
public sealed record UnmuteAsked(string By) : MeetingEvent;

/// <summary>One's own camera could not be started; the meeting goes on without it.</summary>
public sealed record CameraFailed(string Message) : MeetingEvent;

/// <summary>The server is away; the session tries to come back by itself.</summary>
public sealed record Reconnecting(string Message) : MeetingEvent;

/// <summary>The server is back. <paramref name="Resumed"/> is false when the old place was gone and a new one was taken.</summary>
public sealed record Reconnected(bool Resumed) : MeetingEvent;

/// <summary>The last event: no more come after it.</summary>
public sealed record SessionEnded(SessionEndReason Reason, string Message) : MeetingEvent;

/// <summary>Why a session is over.</summary>
public enum SessionEndReason
{
    /// <summary>We left.</summary>
    Left,

    /// <summary>The meeting ended.</summary>
    MeetingEnded,

    /// <summary>A host has removed one.</summary>
    Removed,

    /// <summary>The same place was joined from elsewhere.</summary>
    Superseded,

    /// <summary>The server was away for too long, or refused our coming back.</summary>
    Lost,
}
