namespace Parley.Protocol;

/// <summary>The names of the server's events on the wire (protocol.md §4), one for each method of <see cref="IMeetingClient"/>.</summary>
public static class MeetingEvents
{
    public const string ParticipantJoined = "participantJoined";
    public const string ParticipantChanged = "participantChanged";
    public const string ParticipantLeft = "participantLeft";
    public const string ChatAdded = "chatAdded";
    public const string ChatReacted = "chatReacted";
    public const string ChatDeleted = "chatDeleted";
    public const string Reacted = "reacted";
    public const string SpeakersChanged = "speakersChanged";
    public const string SlotShown = "slotShown";
    public const string SlotQuality = "slotQuality";
    public const string SendLayers = "sendLayers";
    public const string MediaState = "mediaState";
    public const string ModeChanged = "modeChanged";
    public const string LinkStarted = "linkStarted";
    public const string LinkSignal = "linkSignal";
    public const string LinkEnded = "linkEnded";
    public const string InMix = "inMix";
    public const string SettingsChanged = "settingsChanged";
    public const string LobbyChanged = "lobbyChanged";
    public const string SwitchedOff = "switchedOff";
    public const string AskedToUnmute = "askedToUnmute";
    public const string Removed = "removed";
    public const string Admitted = "admitted";
    public const string TurnedAway = "turnedAway";
    public const string MeetingEnded = "meetingEnded";
    public const string Superseded = "superseded";
}
