using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>
/// What is kept of meetings. A task that has completed means: on disk, there after a kill -9. Secrets come in as SHA-256
/// hashes only. Texts arrive clean (protocol.md §2). Times are kept in milliseconds. Writes may come at once and share a
/// commit; they happen in the order of the calls. Any task may fail with <see cref="RecordsUnavailableException"/> (nothing
/// was acknowledged, try again later) or, for our own misuse, with <see cref="InvalidOperationException"/>.
/// </summary>
public interface IMeetingRecords
{
    Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at);

    /// <summary>
    /// A new place, or one's return to it after having left it for good (a second stay of the same participant id). Its devices are
    /// kept as off until <see cref="ParticipantUpdatedAsync"/>.
    /// </summary>
    Task ParticipantJoinedAsync(string meetingId, string participantId, string name, bool isCreator, byte[] resumeTokenHash, DateTimeOffset at);

    /// <summary>The place was resumed under a new token, or its devices changed (a rejoin comes back muted as it was).</summary>
    Task ParticipantUpdatedAsync(string meetingId, string participantId, byte[] resumeTokenHash, MediaState media);

    /// <summary>The place is given up. Again, or after the meeting's end, it changes nothing.</summary>
    Task ParticipantLeftAsync(string meetingId, string participantId, LeaveReason reason, DateTimeOffset at);

    /// <summary>Keeps a message; <paramref name="clientId"/> is unique per participant, so a repeat after a restart is found again.</summary>
    Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId);

    /// <summary>From <see cref="ModeChange.At"/> on the meeting's media flow another way.</summary>
    Task ModeChangedAsync(string meetingId, ModeChange change);

    /// <summary>
    /// The end, and of all places still open with it (as cancelled, serverStopped, or else connectionLost). The first end
    /// stands.
    /// </summary>
    Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at);

    /// <summary>All of one meeting, open or ended: stays in order of joining, chat in order of sending. Null if there is none.</summary>
    Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation);

    /// <summary>
    /// Newest first, started before <paramref name="before"/> (or all), at most <paramref name="limit"/> (≥ 1) and those that
    /// started in the same millisecond as the last: so the start of the last of a page asks for the next and none is missed.
    /// </summary>
    Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, CancellationToken cancellation);

    /// <summary>Meetings that were open when the process last stopped, oldest first, each with its newest 500 messages in order.</summary>
    Task<IReadOnlyList<UnfinishedMeeting>> ReadUnfinishedAsync(CancellationToken cancellation);
}

/// <summary>A meeting without an end.</summary>
public sealed record UnfinishedMeeting(
    string Id,
    string Title,
    string CreatedBy,
    byte[] CreatorSecretHash,
    DateTimeOffset StartedAt,
    MeetingMode Mode,
    IReadOnlyList<UnfinishedPlace> Places,
    IReadOnlyList<KeptChatMessage> Chat);

/// <summary>A participant who had not left.</summary>
public sealed record UnfinishedPlace(string ParticipantId, string Name, bool IsCreator, byte[] ResumeTokenHash, MediaState Media, DateTimeOffset JoinedAt);

/// <summary>A message with the id its sender gave it.</summary>
public sealed record KeptChatMessage(ChatMessage Message, string ClientId);
