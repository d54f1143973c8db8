namespace Parley.Protocol;

/// <summary>A meeting as the history page lists it.</summary>
public sealed record MeetingRecordSummary(
    string Id,
    string Title,
    string CreatedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    EndReason? EndReason,
    int Participants);

/// <summary>One stay of one participant.</summary>
public sealed record Attendance(
    string ParticipantId,
    string Name,
    DateTimeOffset JoinedAt,
    DateTimeOffset? LeftAt,
    LeaveReason? LeaveReason);

/// <summary>All that was kept of a meeting.</summary>
public sealed record MeetingRecord(
    string Id,
    string Title,
    string CreatedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    EndReason? EndReason,
    string? EndedBy,
    MeetingMode Mode,
    IReadOnlyList<ModeChange> Modes,
    IReadOnlyList<Attendance> Attendance,
    IReadOnlyList<ChatMessage> Chat,
    IReadOnlyList<HostAction>? Actions = null);
