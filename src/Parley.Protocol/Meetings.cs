namespace Parley.Protocol;

/// <summary>The limits a client should respect before it asks (protocol.md §3). Lengths count UTF-16 units.</summary>
public sealed record Limits(int NameLength, int TitleLength, int ChatLength, int ParticipantsPerMeeting, int Slots);

/// <summary>An open meeting as the list shows it.</summary>
public sealed record MeetingSummary(string Id, string Title, string CreatedBy, DateTimeOffset StartedAt, int Participants, int Capacity);

/// <summary>The body of POST /api/meetings.</summary>
public sealed record CreateMeeting(string? Title, string? CreatedBy);

/// <summary>The answer: the secret is said here once and never again.</summary>
public sealed record MeetingCreated(string Id, string CreatorSecret, MeetingSummary Meeting);

/// <summary>Which of one's own devices are on.</summary>
public sealed record MediaState(bool Mic, bool Cam, bool Screen = false);

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
    bool IsCreator,
    MediaState Media,
    Presence Presence,
    DateTimeOffset JoinedAt,
    MediaConnectionState? ServerLeg = null);

/// <summary>One line of chat, with the sender's name as it was then.</summary>
public sealed record ChatMessage(string Id, string ParticipantId, string Name, string Text, DateTimeOffset SentAt);

/// <summary>All that a participant needs to draw the meeting.</summary>
public sealed record MeetingSnapshot(
    string Id,
    string Title,
    string CreatedBy,
    DateTimeOffset StartedAt,
    IReadOnlyList<Participant> Participants,
    IReadOnlyList<ChatMessage> Chat,
    ModeState Mode);
