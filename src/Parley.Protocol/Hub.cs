namespace Parley.Protocol;

/// <summary>The argument of join.</summary>
public sealed record JoinRequest(
    string? MeetingId,
    string? Name,
    string? ResumeToken,
    string? CreatorSecret,
    MediaState? Media,
    Abilities? Abilities = null,
    string? LinkId = null,
    string? Passcode = null,
    string? Token = null);

/// <summary>What a client can do; what it does not name it cannot.</summary>
public sealed record Abilities(bool PeerToPeer);

/// <summary>The value of join: a place and a full snapshot.</summary>
public sealed record Joined(
    string ParticipantId,
    string ResumeToken,
    bool Resumed,
    MeetingSnapshot Meeting,
    Limits Limits,
    IReadOnlyList<IceServer> IceServers,
    IReadOnlyList<VoiceVolume>? Volumes = null);

/// <summary>A STUN or TURN server as RTCIceServer has it (WebRTC §4.2.4).</summary>
public sealed record IceServer(IReadOnlyList<string> Urls, string? Username = null, string? Credential = null);

/// <summary>An SDP offer or answer (RFC 8866, RFC 3264).</summary>
public sealed record SessionDescriptionMessage(string? Sdp);

/// <summary>What a participant sends besides the microphone.</summary>
public enum VideoSourceKind
{
    Camera,
    Screen,
}

/// <summary>What a client wants in one slot; <see cref="ParticipantId"/> null pauses it. Sizes are in CSS pixels × device ratio.</summary>
/// <param name="Mid">The slot's m-line.</param>
/// <param name="ParticipantId">Whom to show.</param>
/// <param name="Source">Which video of theirs.</param>
/// <param name="Width">Of the tile, in device pixels.</param>
/// <param name="Height">As above.</param>
/// <param name="Pinned">Whether the viewer chose this one: it is reduced and paused last.</param>
public sealed record SlotView(string? Mid, string? ParticipantId, VideoSourceKind Source, int Width, int Height, bool Pinned = false);

/// <summary>Why a participant is no longer there.</summary>
public enum LeaveReason
{
    Left,
    ConnectionLost,

    /// <summary>By a host; they may join anew.</summary>
    Removed,

    /// <summary>By a host, for good.</summary>
    Barred,

    Cancelled,
    Expired,
    ServerStopped,
}

/// <summary>Why a meeting ended.</summary>
public enum EndReason
{
    LastLeft,
    Cancelled,
    Unused,
    Expired,
    ServerStopped,
}

public sealed record ParticipantLeft(string ParticipantId, LeaveReason Reason);

public sealed record SpeakersChanged(IReadOnlyList<string> Speaking, string? Dominant);

public sealed record SlotShown(string Mid, string? ParticipantId, VideoSourceKind Source);

/// <summary>How much of what a slot's size could use is sent.</summary>
public enum SlotLevel
{
    Full,
    Reduced,
    Paused,
}

/// <summary>Why it is less than all.</summary>
public enum SlotLimit
{
    /// <summary>The viewer's network.</summary>
    Bandwidth,

    /// <summary>The server has too much to do.</summary>
    Overload,
}

/// <summary>How what a slot shows compares with what its size could use; <see cref="Reason"/> is null at <see cref="SlotLevel.Full"/>.</summary>
public sealed record SlotQuality(string Mid, SlotLevel Level, SlotLimit? Reason);

/// <summary>How many encodings of one's own source anybody can use, from the lowest on; 0 when nobody watches.</summary>
public sealed record SendLayers(VideoSourceKind Source, int Layers);

/// <summary>One's own media leg.</summary>
public enum MediaConnectionState
{
    Connecting,
    Connected,
    Disconnected,
    Failed,
}

public sealed record MediaConnectionChanged(MediaConnectionState State, string? Message);

public sealed record MeetingEnded(EndReason Reason, string? By, string Message);

/// <summary>Client → server, protocol.md §4.</summary>
public interface IMeetingHub
{
    Task<Reply<Joined>> Join(JoinRequest request);

    Task<Reply<bool>> Leave();

    Task<Reply<bool>> Cancel(string? creatorSecret);

    Task<Reply<ChatMessage>> SendChat(SendChat message);

    Task<Reply<bool>> DeleteChat(string messageId);

    Task<Reply<bool>> ReactToChat(ReactToChat reaction);

    Task<Reply<ChatPage>> ChatBefore(ChatBefore page);

    Task<Reply<bool>> React(string emoji);

    Task<Reply<bool>> SetMedia(MediaState media);

    Task<Reply<SessionDescriptionMessage>> Offer(SessionDescriptionMessage offer);

    Task<Reply<bool>> SetView(IReadOnlyList<SlotView> view);

    Task<Reply<bool>> SetMode(ModePin pin);

    Task<Reply<bool>> SignalLink(LinkSignal signal);

    Task<Reply<bool>> ReportLink(LinkReport report);

    Task<Reply<bool>> ReportPath(PathReport report);

    Task<Reply<bool>> SetHand(bool raised);

    Task<Reply<bool>> SetVolume(VoiceVolume volume);

    Task<Reply<bool>> Rename(Rename rename);

    Task<Reply<bool>> ChangeSettings(SettingsChange change);

    Task<Reply<bool>> SetRole(SetRole assignment);

    Task<Reply<bool>> SwitchOff(SwitchOff what);

    Task<Reply<bool>> AskToUnmute(string participantId);

    Task<Reply<bool>> LowerHands(string? participantId);

    Task<Reply<bool>> Remove(RemoveParticipant removal);

    Task<Reply<bool>> AnswerKnock(KnockAnswer answer);
}

/// <summary>Server → client, protocol.md §4.</summary>
public interface IMeetingClient
{
    Task ParticipantJoined(Participant participant);

    Task ParticipantChanged(Participant participant);

    Task ParticipantLeft(ParticipantLeft left);

    Task ChatAdded(ChatMessage message);

    Task ChatReacted(ChatReacted reaction);

    Task ChatDeleted(ChatDeleted deletion);

    Task Reacted(Reacted reaction);

    Task SpeakersChanged(SpeakersChanged speakers);

    Task SlotShown(SlotShown shown);

    Task SlotQuality(SlotQuality quality);

    Task SendLayers(SendLayers layers);

    Task MediaState(MediaConnectionChanged state);

    Task ModeChanged(ModeState mode);

    Task LinkStarted(LinkStarted link);

    Task LinkSignal(LinkSignal signal);

    Task LinkEnded(LinkEnded ended);

    Task InMix(InMix inMix);

    Task SettingsChanged(MeetingSettings settings);

    Task LobbyChanged(LobbyChanged lobby);

    Task SwitchedOff(SwitchedOff what);

    Task AskedToUnmute(AskedToUnmute asked);

    Task Removed(Removed removed);

    Task Admitted(Admitted admitted);

    Task TurnedAway(TurnedAway answer);

    Task MeetingEnded(MeetingEnded ended);

    Task Superseded();
}
