namespace Parley.Server.Records;

/// <summary>One line of chat. (meeting, participant, client id) is unique, which makes a repeat harmless.</summary>
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
}
