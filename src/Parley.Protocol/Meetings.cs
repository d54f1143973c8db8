using System.Text.Json.Serialization;

namespace Parley.Protocol;

/// <summary>The limits a client should respect before it asks (protocol.md §3). Lengths count UTF-16 units.</summary>
/// <param name="NameLength">Of a participant.</param>
/// <param name="TitleLength">Of a meeting.</param>
/// <param name="ChatLength">Of a message.</param>
/// <param name="ParticipantsPerMeeting">At one time.</param>
/// <param name="Slots">Video streams that one is sent.</param>
/// <param name="FileSize">Bytes of a file in the chat; 0 when there are none.</param>
public sealed record Limits(int NameLength, int TitleLength, int ChatLength, int ParticipantsPerMeeting, int Slots, long FileSize = 0);

/// <summary>An open meeting as the list shows it.</summary>
public sealed record MeetingSummary(
    string Id,
    string Title,
    string CreatedBy,
    DateTimeOffset StartedAt,
    int? Participants,
    int Capacity,
    bool Locked = false,
    bool Lobby = false,
    bool Passcode = false,
    bool Lasting = false,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? ExpiresAt = null,
    bool TokenOnly = false);

/// <summary>The body of POST /api/meetings.</summary>
public sealed record CreateMeeting(
    string? Title,
    string? CreatedBy,
    string? Passcode = null,
    bool Lobby = false,
    Rights? Rights = null,
    int? Capacity = null,
    DateTimeOffset? NotBefore = null,
    DateTimeOffset? ExpiresAt = null,
    bool Lasting = false,
    bool TokenOnly = false);

/// <summary>The answer: the secret is said here once and never again.</summary>
public sealed record MeetingCreated(string Id, string CreatorSecret, MeetingSummary Meeting);

/// <summary>Which of one's own devices are on.</summary>
public sealed record MediaState(bool Mic, bool Cam, bool Screen = false, bool ScreenAudio = false)
{
    /// <summary>The sound of the shared screen is sent, also while the microphone is off; never without the screen.</summary>
    public bool ScreenAudio { get; init; } = ScreenAudio && Screen;

    /// <summary>Whether anything is sent as sound: the line for it carries both.</summary>
    [JsonIgnore]
    public bool HasSound => Mic || ScreenAudio;
}

/// <summary>Whether a participant's signalling connection is there.</summary>
public enum Presence
{
    Connected,
    Reconnecting,
}

/// <summary>One person's place in a meeting.</summary>
public sealed record Participant(
    string Id,
    string Name,
    Role Role,
    MediaState Media,
    Presence Presence,
    DateTimeOffset JoinedAt,
    DateTimeOffset? HandRaisedAt = null,
    MediaConnectionState? ServerLeg = null);

/// <summary>All that a participant needs to draw the meeting.</summary>
public sealed record MeetingSnapshot(
    string Id,
    string Title,
    string CreatedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? ExpiresAt,
    MeetingSettings Settings,
    IReadOnlyList<Participant> Participants,
    IReadOnlyList<ChatMessage> Chat,
    ModeState Mode,
    bool OlderChat = false);
