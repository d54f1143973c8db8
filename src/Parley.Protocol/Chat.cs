namespace Parley.Protocol;

/// <summary>The argument of sendChat; <see cref="ClientId"/> (1–64 characters) makes a repeat harmless.</summary>
/// <param name="ClientId">Unique among one participant's messages.</param>
/// <param name="Text">What is said.</param>
/// <param name="To">The only participant who is told; null for everyone.</param>
public sealed record SendChat(string? ClientId, string? Text, string? To = null);

/// <summary>One message of the chat, with the sender's name as it was then.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="ParticipantId">Who wrote it.</param>
/// <param name="Name">Their name.</param>
/// <param name="Text">Empty for a file, and once it is deleted.</param>
/// <param name="SentAt">When the server took it.</param>
/// <param name="To">The only other who is told; null for everyone.</param>
/// <param name="File">What was sent instead of text.</param>
/// <param name="Reactions">In the order of the first of each; null for none.</param>
/// <param name="Deleted">By whom and when, if it was.</param>
public sealed record ChatMessage(
    string Id,
    string ParticipantId,
    string Name,
    string Text,
    DateTimeOffset SentAt,
    ChatPerson? To = null,
    ChatFile? File = null,
    IReadOnlyList<ChatReaction>? Reactions = null,
    ChatDeletion? Deleted = null)
{
    /// <summary>How the <see cref="ParticipantId"/> of a program begins; that of nobody in a meeting does.</summary>
    public const string ProgramPrefix = "key_";

    /// <summary>Whether a program wrote it, by an API key, and no participant.</summary>
    public bool Program => ParticipantId.StartsWith(ProgramPrefix, StringComparison.Ordinal);
}

/// <summary>The body of POST /api/meetings/{id}/chat.</summary>
/// <param name="Text">What is said, to everyone.</param>
/// <param name="Name">Under which name; that of the API key if it is not said.</param>
/// <param name="ClientId">1–64 characters, unique among the key's messages of a meeting: it makes a repeat harmless.</param>
public sealed record SendProgramChat(string? Text, string? Name = null, string? ClientId = null);

/// <summary>Somebody of the chat, with the name they had then.</summary>
public sealed record ChatPerson(string ParticipantId, string Name);

/// <summary>A file in the chat; <see cref="Type"/> is that of a picture that browsers show, or application/octet-stream.</summary>
public sealed record ChatFile(string Id, string Name, string Type, long Size);

/// <summary>One emoji under a message, and who put it there, in order.</summary>
public sealed record ChatReaction(string Emoji, IReadOnlyList<ChatPerson> By);

/// <summary>Who deleted a message, and whether as a host.</summary>
public sealed record ChatDeletion(DateTimeOffset At, ChatPerson By, bool ByHost);

/// <summary>The argument of reactToChat.</summary>
public sealed record ReactToChat(string? MessageId, string? Emoji, bool On);

/// <summary>The argument of chatBefore.</summary>
public sealed record ChatBefore(string? MessageId, int? Limit = null);

/// <summary>Older messages, in order of sending, and whether there are still older ones.</summary>
public sealed record ChatPage(IReadOnlyList<ChatMessage> Messages, bool Older);

/// <summary>Somebody put a reaction under a message, or took it away.</summary>
public sealed record ChatReacted(string MessageId, string Emoji, ChatPerson By, bool On);

/// <summary>A message's text, file and reactions are gone.</summary>
public sealed record ChatDeleted(string MessageId, ChatDeletion Deleted);

/// <summary>Somebody gives a sign to all.</summary>
public sealed record Reacted(string ParticipantId, string Emoji);
