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
    Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at, MeetingRules? rules = null);

    /// <summary>
    /// A new place, or one's return to it after having left it for good (a second stay of the same participant id). Its devices are
    /// kept as off until <see cref="ParticipantUpdatedAsync"/>. With <paramref name="nameGiven"/> the name is not theirs to change;
    /// <paramref name="bearerHash"/> is whose join token it was, if it was one.
    /// </summary>
    Task ParticipantJoinedAsync(
        string meetingId, string participantId, string name, Role role, byte[] resumeTokenHash, DateTimeOffset at, bool nameGiven = false, byte[]? bearerHash = null);

    /// <summary>The place was resumed under a new token, or its devices changed (a rejoin comes back muted as it was).</summary>
    Task ParticipantUpdatedAsync(string meetingId, string participantId, byte[] resumeTokenHash, MediaState media);

    /// <summary>The place is given up, and what follows from it. Again, or after the meeting's end, the place stays as it is.</summary>
    Task ParticipantLeftAsync(string meetingId, string participantId, LeaveReason reason, DateTimeOffset at, MeetingChange? then = null);

    /// <summary>Rules, names, roles, devices or hands are others now. Places that are given up stay as they are.</summary>
    Task ChangedAsync(string meetingId, MeetingChange change);

    /// <summary>Keeps a message; <paramref name="clientId"/> is unique per participant, so a repeat after a restart is found again.</summary>
    Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId);

    /// <summary>
    /// Takes away all of a message but who wrote it and when; a file of it is deleted as well. What hosts did is kept with it. Bytes that
    /// are left in the database's files go with <see cref="PurgeAsync"/>.
    /// </summary>
    Task ChatDeletedAsync(string meetingId, string messageId, ChatDeletion deletion, HostAction? action);

    /// <summary>A reaction under a message is there, or is there no more. Again, it stays as it is.</summary>
    Task ChatReactedAsync(string meetingId, ChatReacted reaction);

    /// <summary>What was deleted is in no file of the database any more when this completes, where that can be promised (SQLite).</summary>
    Task PurgeAsync();

    /// <summary>From <see cref="ModeChange.At"/> on the meeting's media flow another way.</summary>
    Task ModeChangedAsync(string meetingId, ModeChange change);

    /// <summary>
    /// The end, and of all places still open with it (as cancelled, expired, serverStopped, or else connectionLost). The first end
    /// stands.
    /// </summary>
    Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at);

    /// <summary>Writes nothing that is read again: completes when the records can be written.</summary>
    Task TouchAsync();

    /// <summary>
    /// Nothing of the meeting is left when this completes, in SQLite not in the file either; one that is not there is deleted. An open one
    /// is refused with <see cref="InvalidOperationException"/>.
    /// </summary>
    Task DeleteAsync(string meetingId);

    /// <summary>Deletes the meetings that ended before <paramref name="end"/>, and returns how many there were.</summary>
    Task<int> DeleteEndedBeforeAsync(DateTimeOffset end, CancellationToken cancellation);

    /// <summary>Who may delete a meeting. Null if there is none.</summary>
    Task<RecordOwner?> ReadOwnerAsync(string meetingId, CancellationToken cancellation);

    /// <summary>
    /// All of one meeting, open or ended, but what is private in its chat: stays in order of joining, chat in order of sending. Null if there
    /// is none.
    /// </summary>
    Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation) => ReadAsync(meetingId, [], cancellation);

    /// <summary>The same with the private messages of these participants.</summary>
    Task<MeetingRecord?> ReadAsync(string meetingId, IReadOnlyCollection<string> readers, CancellationToken cancellation);

    /// <summary>One message, whoever may see it. Null if there is none.</summary>
    Task<ChatMessage?> ReadChatAsync(string meetingId, string messageId, CancellationToken cancellation);

    /// <summary>
    /// The newest messages before one, as a participant may see them, oldest first, and whether there are older ones. Null if they may not see
    /// that one.
    /// </summary>
    Task<ChatPage?> ReadChatBeforeAsync(string meetingId, string messageId, string reader, int limit, CancellationToken cancellation);

    /// <summary>The message that a file belongs to. Null if there is none.</summary>
    Task<ChatMessage?> ReadFileAsync(string meetingId, string fileId, CancellationToken cancellation);

    /// <summary>The ids of all files that a meeting has.</summary>
    Task<IReadOnlySet<string>> ReadFilesAsync(string meetingId, CancellationToken cancellation);

    /// <summary>Who may read a meeting's record, and what its hosts did. Null if there is none.</summary>
    Task<MeetingAccess?> ReadAccessAsync(string meetingId, CancellationToken cancellation);

    /// <summary>
    /// Newest first, started before <paramref name="before"/> (or all), at most <paramref name="limit"/> (≥ 1) and those that
    /// started in the same millisecond as the last: so the start of the last of a page asks for the next and none is missed.
    /// Closed meetings are among them only <paramref name="withClosed"/>.
    /// </summary>
    Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, bool withClosed, CancellationToken cancellation);

    /// <summary>Meetings that were open when the process last stopped, oldest first, each with its newest 500 messages in order.</summary>
    Task<IReadOnlyList<UnfinishedMeeting>> ReadUnfinishedAsync(CancellationToken cancellation);
}

/// <summary>Whose a record is.</summary>
/// <param name="HasEnded">Only then it can be deleted.</param>
public sealed record RecordOwner(byte[] CreatorSecretHash, bool HasEnded);

/// <summary>A meeting without an end.</summary>
public sealed record UnfinishedMeeting(
    string Id,
    string Title,
    string CreatedBy,
    byte[] CreatorSecretHash,
    DateTimeOffset StartedAt,
    MeetingMode Mode,
    MeetingRules Rules,
    IReadOnlyList<UnfinishedPlace> Places,
    IReadOnlyList<RemovedPlace> Removed,
    IReadOnlyList<KeptChatMessage> Chat,
    int Files = 0,
    long FileBytes = 0);

/// <summary>A participant who had not left.</summary>
public sealed record UnfinishedPlace(PlaceState State, byte[] ResumeTokenHash, DateTimeOffset JoinedAt, byte[]? BearerHash = null);

/// <summary>The tokens of who was removed, for good or not.</summary>
public sealed record RemovedPlace(byte[] ResumeTokenHash, bool IsBarred, byte[]? BearerHash = null);

/// <summary>A message with the id its sender gave it.</summary>
public sealed record KeptChatMessage(ChatMessage Message, string ClientId);
