using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Who sees a message, and how many reactions it takes (protocol.md §8).</summary>
internal static class ChatRules
{
    /// <summary>Different emoji under one message.</summary>
    public const int MostReactions = 20;

    /// <summary>Of one person under one message.</summary>
    public const int MostOwnReactions = 8;

    /// <summary>What is private is for the two alone, whatever their roles.</summary>
    public static bool IsFor(this ChatMessage message, string participantId) =>
        message.To is null || message.To.ParticipantId == participantId || message.ParticipantId == participantId;

    /// <summary>Whether a message with one reaction more has too many.</summary>
    public static bool HasTooMany(this ChatMessage message, string participantId) =>
        message.Reactions is { } reactions
        && (reactions.Count > MostReactions
            || reactions.Count(reaction => reaction.By.Any(person => person.ParticipantId == participantId)) > MostOwnReactions);
}
