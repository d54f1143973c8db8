using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>Chat.</summary>
internal sealed partial class Meeting
{
    private const int LongestClientId = 64;

    private async Task<Reply<ChatMessage>> Chat(Place place, SendChat ask)
    {
        if (ask.ClientId is not { Length: > 0 and <= LongestClientId } clientId)
            return Refusal.RequestInvalid("A chat message needs a clientId of 1 to 64 characters.").As<ChatMessage>();
        if (_chat.Find(place.Id, clientId) is { } sent) return new Reply<ChatMessage>(sent, null);

        var limit = _context.Options.Limits.ChatLength;
        if (Text.Lines(ask.Text, limit) is not { } text) return Refusal.TextInvalid(limit).As<ChatMessage>();
        var now = _context.Now;
        var message = new ChatMessage(Guid.CreateVersion7(now).ToString("N"), place.Id, place.Name, text, now);
        await _context.Records.ChatAddedAsync(Id, message, clientId);
        _chat.Add(message, clientId);
        Tell(MeetingEvents.ChatAdded, message);
        return new Reply<ChatMessage>(message, null);
    }
}
