using Parley.Protocol;
using Parley.Server.Files;

namespace Parley.Server.Meetings;

/// <summary>Files in the chat: who may send one, and the message that it becomes. Its bytes come and go over HTTP.</summary>
internal sealed partial class Meeting
{
    private readonly FileRoom _files;

    private Reply<IncomingFile> BeginFile(string? token, FileOffer offer)
    {
        if (FindByToken(token) is not { } place) return Refusal.SendingForbidden.As<IncomingFile>();
        if (WhyNot(offer.ClientId) is { } wrong) return wrong.As<IncomingFile>();
        if (_chat.Find(place.Id, offer.ClientId!) is { } sent) return new Reply<IncomingFile>(new IncomingFile(place.Id, offer, sent), null);
        if (WhyNotTo(place, offer.To, isFile: true) is { } why) return why.As<IncomingFile>();
        var limit = _context.Options.Files.MaxBytes;
        if (FileName.Clean(offer.Name) is not { } name || offer.Size < 1) return Refusal.FileInvalid.As<IncomingFile>();
        if (offer.Size > limit) return Refusal.FileTooLarge(_context.Options.Files.MaxMegabytes).As<IncomingFile>();
        if (_files.IsBusy(place.Id)) return Refusal.TooManyAtOnce(FileRoom.MostIncoming).As<IncomingFile>();
        if (!_files.HasPlaceFor(offer.Size)) return Refusal.FilesFull.As<IncomingFile>();
        var file = new IncomingFile(place.Id, offer with { Name = name });
        _files.Begin(file);
        return new Reply<IncomingFile>(file, null);
    }

    /// <summary>All of it is on the disk. What could be said at the beginning may not hold any more.</summary>
    private async Task<Reply<ChatMessage>> AddFile(IncomingFile file, StoredFile stored)
    {
        if (FindPlace(file.ParticipantId) is not { } place) return Refusal.NotJoined.As<ChatMessage>();
        var offer = file.Offer;
        if (_chat.Find(place.Id, offer.ClientId!) is { } sent) return new Reply<ChatMessage>(sent, null);
        if (WhyNotTo(place, offer.To, isFile: true) is { } why) return why.As<ChatMessage>();
        var reply = await AddChatAsync(
            PersonOf(place), offer.ClientId!, "", FindPlace(offer.To), new ChatFile(stored.Id, offer.Name!, stored.Type, stored.Size));
        _files.Add(stored.Size);
        return reply;
    }
}
