using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>Chat (protocol.md §8).</summary>
internal sealed partial class Meeting
{
    private const int LongestClientId = 64;
    private const int LongestPage = 100;

    private async Task<Reply<ChatMessage>> Chat(Place place, SendChat ask)
    {
        if (WhyNot(ask.ClientId) is { } wrong) return wrong.As<ChatMessage>();
        if (_chat.Find(place.Id, ask.ClientId!) is { } sent) return new Reply<ChatMessage>(sent, null);
        if (WhyNotTo(place, ask.To, isFile: false) is { } why) return why.As<ChatMessage>();
        var limit = _context.Options.Limits.ChatLength;
        if (Text.Lines(ask.Text, limit) is not { } text) return Refusal.TextInvalid(limit).As<ChatMessage>();
        return await AddChatAsync(PersonOf(place), ask.ClientId!, text, FindPlace(ask.To), null);
    }

    /// <summary>What a program writes to all: it has no place, so it has the right that participants have.</summary>
    private async Task<Reply<ChatMessage>> ChatOfProgram(ChatPerson by, SendProgramChat ask)
    {
        var clientId = ask.ClientId ?? Guid.NewGuid().ToString("N");
        if (WhyNot(clientId) is { } wrong) return wrong.As<ChatMessage>();
        if (_chat.Find(by.ParticipantId, clientId) is { } sent) return new Reply<ChatMessage>(sent, null);
        if (!_rules.Rights.Chat) return Refusal.NoRight("chat").As<ChatMessage>();
        var limits = _context.Options.Limits;
        if (Text.Line(ask.Name ?? by.Name, limits.NameLength) is not { } name) return Refusal.NameInvalid(limits.NameLength).As<ChatMessage>();
        if (Text.Lines(ask.Text, limits.ChatLength) is not { } text) return Refusal.TextInvalid(limits.ChatLength).As<ChatMessage>();
        return await AddChatAsync(by with { Name = name }, clientId, text, null, null);
    }

    private async Task<Reply<ChatMessage>> AddChatAsync(ChatPerson by, string clientId, string text, Place? to, ChatFile? file)
    {
        var now = _context.Now;
        var id = Guid.CreateVersion7(now).ToString("N");
        var message = new ChatMessage(id, by.ParticipantId, by.Name, text, now, to is null ? null : PersonOf(to), file);
        await _context.Records.ChatAddedAsync(Id, message, clientId);
        _chat.Add(message, clientId);
        TellOf(message, MeetingEvents.ChatAdded, message);
        return new Reply<ChatMessage>(message, null);
    }

    private async Task<Reply<bool>> DeleteChat(Place by, string? messageId)
    {
        if (await FindChatAsync(by, messageId) is not { } message) return Refusal.MessageUnknown.As<bool>();
        if (message.Deleted is not null) return Done;
        var isOwn = message.ParticipantId == by.Id;
        if (!isOwn && by.Role != Role.Host) return Refusal.HostsOnly("delete what others wrote").As<bool>();
        var deletion = new ChatDeletion(_context.Now, PersonOf(by), !isOwn);
        var action = isOwn ? null : new HostAction(HostActionKind.ChatDeleted, deletion.At, by.Id, by.Name, message.ParticipantId, message.Name);
        await _context.Records.ChatDeletedAsync(Id, message.Id, deletion, action);
        _chat.Replace(message.Without(deletion));
        if (message.File is { } file) _files.Remove(file.Size);
        TellOf(message, MeetingEvents.ChatDeleted, new ChatDeleted(message.Id, deletion));
        return Done;
    }

    private async Task<Reply<bool>> ReactToChat(Place by, ReactToChat ask)
    {
        if (!Emoji.IsOne(ask.Emoji)) return Refusal.RequestInvalid("A reaction is one emoji.").As<bool>();
        if (ask.On && !MayChat(by)) return Refusal.NoRight("react to messages").As<bool>();
        if (await FindChatAsync(by, ask.MessageId) is not { Deleted: null } message) return Refusal.MessageUnknown.As<bool>();
        var reaction = new ChatReacted(message.Id, ask.Emoji!, PersonOf(by), ask.On);
        if (message.With(reaction.Emoji, reaction.By, ask.On) is not { } changed) return Done;
        if (ask.On && changed.HasTooMany(by.Id)) return Refusal.TooManyReactions.As<bool>();
        await _context.Records.ChatReactedAsync(Id, reaction);
        _chat.Replace(changed);
        TellOf(message, MeetingEvents.ChatReacted, reaction);
        return Done;
    }

    /// <summary>A sign to all, of which nothing is kept.</summary>
    private Reply<bool> React(Place by, string? emoji)
    {
        if (emoji is null || !Emoji.Signs.Contains(emoji)) return Refusal.SignInvalid.As<bool>();
        Tell(MeetingEvents.Reacted, new Reacted(by.Id, emoji));
        return Done;
    }

    /// <summary>Read outside of the mailbox: who asks waits for the records, the meeting does not.</summary>
    private async Task<Reply<ChatPage>> ReadPageAsync(string participantId, ChatBefore ask)
    {
        if (ask.MessageId is not { Length: > 0 and <= LongestClientId } messageId || ask.Limit is < 1 or > LongestPage)
            return Refusal.RequestInvalid($"A page of the chat needs the id of a message, and a limit of 1 to {LongestPage} if any.").As<ChatPage>();
        try
        {
            var page = await _context.Records.ReadChatBeforeAsync(Id, messageId, participantId, ask.Limit ?? LongestPage / 2, CancellationToken.None);
            return page is null ? Refusal.MessageUnknown.As<ChatPage>() : new Reply<ChatPage>(page, null);
        }
        catch (RecordsUnavailableException e)
        {
            Log.CommandFailed(_context.Logger, e, Id);
            return Refusal.ServerUnavailable.As<ChatPage>();
        }
    }

    /// <summary>What is deleted is gone from the disk too, before that is said.</summary>
    private async Task<Reply<bool>> PurgeAsync(Reply<bool> deleted)
    {
        if (deleted.Error is null) await TryRecordAsync(_context.Records.PurgeAsync);
        return deleted;
    }

    /// <summary>A message that somebody may see, of now or of long ago.</summary>
    private async Task<ChatMessage?> FindChatAsync(Place viewer, string? id)
    {
        if (id is not { Length: > 0 and <= LongestClientId }) return null;
        var message = _chat.Find(id) ?? (_chat.IsPartial ? await _context.Records.ReadChatAsync(Id, id, CancellationToken.None) : null);
        return message?.IsFor(viewer.Id) == true ? message : null;
    }

    private static ProtocolError? WhyNot(string? clientId) =>
        clientId is { Length: > 0 and <= LongestClientId } && !clientId.Any(char.IsControl)
            ? null
            : Refusal.RequestInvalid("A chat message needs a clientId of 1 to 64 visible characters.");

    /// <summary>Why somebody may not write to another, or to all; null when they may.</summary>
    private ProtocolError? WhyNotTo(Place by, string? to, bool isFile)
    {
        if (to is null) return MayChat(by) ? null : Refusal.NoRight("chat");
        if (FindPlace(to) is not { } other) return Refusal.ParticipantUnknown;
        if (other == by) return Refusal.RequestInvalid("A private message goes to somebody else.");
        // Hosts can always be asked for help.
        return MayChat(by) || (other.Role == Role.Host && !isFile) ? null : Refusal.NoRight(isFile ? "send files" : "write to others than hosts");
    }

    private bool MayChat(Place place) => place.Role == Role.Host || _rules.Rights.Chat;

    private static ChatPerson PersonOf(Place place) => new(place.Id, place.Name);

    /// <summary>Tells what concerns a message to all who may see it, and to nobody else.</summary>
    private void TellOf(ChatMessage message, string name, object argument)
    {
        foreach (var place in _places)
        {
            if (message.IsFor(place.Id)) place.Link?.Send(name, argument);
        }
    }
}
