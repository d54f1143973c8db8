namespace Parley.Protocol;

/// <summary>What becomes of a message when it is deleted or somebody reacts to it, for all who hold one.</summary>
public static class ChatChanges
{
    /// <summary>What is left of a message that was deleted.</summary>
    public static ChatMessage Without(this ChatMessage message, ChatDeletion deletion) =>
        message with { Text = "", File = null, Reactions = null, Deleted = deletion };

    /// <returns>The message with or without this reaction; null when it has it as wanted.</returns>
    public static ChatMessage? With(this ChatMessage message, string emoji, ChatPerson by, bool on)
    {
        var reactions = message.Reactions ?? [];
        var there = reactions.FirstOrDefault(reaction => reaction.Emoji == emoji);
        var isOn = there?.By.Any(person => person.ParticipantId == by.ParticipantId) == true;
        if (isOn == on) return null;
        if (there is null) return message with { Reactions = [.. reactions, new ChatReaction(emoji, [by])] };
        IReadOnlyList<ChatPerson> people = on ? [.. there.By, by] : [.. there.By.Where(person => person.ParticipantId != by.ParticipantId)];
        IReadOnlyList<ChatReaction> rest =
            [.. reactions.Select(reaction => reaction == there ? new ChatReaction(emoji, people) : reaction).Where(reaction => reaction.By.Count > 0)];
        return message with { Reactions = rest.Count > 0 ? rest : null };
    }
}
