using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>One message of the chat. (meeting, participant, client id) is unique, which makes a repeat harmless.</summary>
internal sealed class ChatRow
{
    /// <summary>Grows with every message: the order of sending, also within one millisecond.</summary>
    public long Key { get; init; }

    public required string MeetingId { get; init; }

    public required string MessageId { get; init; }

    public required string ParticipantId { get; init; }

    public required string ClientId { get; init; }

    public required string Name { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset SentAt { get; init; }

    /// <summary>Of a private one; null for everyone.</summary>
    public string? ToId { get; init; }

    public string? ToName { get; init; }

    /// <summary>Under which it lies in the data folder; null without a file.</summary>
    public string? FileId { get; init; }

    public string? FileName { get; init; }

    public string? FileType { get; init; }

    public long FileSize { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public string? DeletedById { get; init; }

    public string? DeletedBy { get; init; }

    public bool DeletedByHost { get; init; }

    public static ChatRow Of(string meetingId, ChatMessage message, string clientId) => new()
    {
        MeetingId = meetingId,
        MessageId = message.Id,
        ParticipantId = message.ParticipantId,
        ClientId = clientId,
        Name = message.Name,
        Text = message.Text,
        SentAt = message.SentAt,
        ToId = message.To?.ParticipantId,
        ToName = message.To?.Name,
        FileId = message.File?.Id,
        FileName = message.File?.Name,
        FileType = message.File?.Type,
        FileSize = message.File?.Size ?? 0,
    };

    /// <param name="reactions">Null for none.</param>
    public ChatMessage Message(IReadOnlyList<ChatReaction>? reactions) => new(
        MessageId,
        ParticipantId,
        Name,
        Text,
        SentAt,
        ToId is null ? null : new ChatPerson(ToId, ToName ?? ""),
        FileId is null ? null : new ChatFile(FileId, FileName ?? "", FileType ?? "", FileSize),
        reactions,
        DeletedAt is { } at ? new ChatDeletion(at, new ChatPerson(DeletedById ?? "", DeletedBy ?? ""), DeletedByHost) : null);
}
