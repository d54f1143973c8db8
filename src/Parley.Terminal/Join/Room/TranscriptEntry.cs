namespace Parley.Terminal.Join.Room;

/// <summary>One thing that was said or happened.</summary>
/// <param name="At">When.</param>
/// <param name="ParticipantId">Who said it; null for what happened.</param>
/// <param name="Name">Their name, as it came.</param>
/// <param name="Text">Their words, or a sentence of ours; it may have line feeds.</param>
/// <param name="MessageId">Of a message, which may be deleted later.</param>
internal sealed record TranscriptEntry(DateTimeOffset At, string? ParticipantId, string Name, string Text, string? MessageId = null)
{
    public bool IsChat => ParticipantId is not null;
}
