namespace Parley.Server.Records;

/// <summary>One emoji that one participant put under one message.</summary>
internal sealed class ChatReactionRow
{
    /// <summary>Grows with every reaction: their order.</summary>
    public long Key { get; init; }

    public required string MeetingId { get; init; }

    public required string MessageId { get; init; }

    public required string ParticipantId { get; init; }

    public required string Name { get; init; }

    public required string Emoji { get; init; }
}
