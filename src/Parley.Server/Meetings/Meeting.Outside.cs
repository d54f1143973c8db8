using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>What programs do to a meeting over REST, as a host does from inside.</summary>
internal sealed partial class Meeting
{
    public Task<Reply<IReadOnlyList<Participant>>> ReadParticipantsAsync(Asker asker) => AskAsync(() => Task.FromResult(
        IsInside(asker)
            ? new Reply<IReadOnlyList<Participant>>([.. _places.Select(place => place.Seen)], null)
            : Refusal.ReadingForbidden.As<IReadOnlyList<Participant>>()));

    /// <param name="by">A program, with an id that nobody in a meeting has.</param>
    public Task<Reply<ChatMessage>> SendChatAsync(ChatPerson by, SendProgramChat message) => AskAsync(() => ChatOfProgram(by, message));

    /// <summary>Whether who asks may let others in by tokens.</summary>
    public Task<Reply<bool>> MayInviteAsync(Asker asker) => AskAsHostAsync(asker, _ => Task.FromResult(Done));

    public Task<Reply<bool>> ChangeSettingsAsync(Asker asker, SettingsChange change) => AskAsHostAsync(asker, host => ChangeSettings(host, change));

    public Task<Reply<bool>> RemoveAsync(Asker asker, RemoveParticipant removal) => AskAsHostAsync(asker, host => Remove(host, removal));

    /// <summary>Does one after the other, until one is refused.</summary>
    public Task<Reply<bool>> ChangeParticipantAsync(Asker asker, string participantId, ParticipantChange change) => AskAsHostAsync(asker, async host =>
    {
        var reply = FindPlace(participantId) is null ? Refusal.ParticipantUnknown.As<bool>() : Done;
        if (reply.Error is null && change.Name is { } name) reply = await Rename(host, new Rename(participantId, name));
        if (reply.Error is null && change.Role is { } role) reply = await SetRole(host, new SetRole(participantId, role));
        foreach (var source in change.SwitchOff ?? [])
        {
            if (reply.Error is null) reply = await SwitchOff(host, new SwitchOff(participantId, source));
        }

        if (reply.Error is null && change.AskToUnmute) reply = await AskToUnmute(host, participantId);
        return reply;
    });

    private Task<Reply<T>> AskAsHostAsync<T>(Asker asker, Func<Place, Task<Reply<T>>> command) => AskAsync(() =>
        HostOf(asker) is { } host ? command(host) : Task.FromResult(Refusal.SecretWrong.As<T>()));

    private Place? HostOf(Asker asker)
    {
        if (asker.Name is { } name) return Outside(name);
        if (Secret.Matches(asker.Secret, _identity.CreatorSecretHash)) return Outside(_identity.CreatedBy);
        return FindByToken(asker.Secret) is { Role: Role.Host } host ? host : null;
    }

    /// <summary>A host who is not in the meeting: it has a name for the record, and no id.</summary>
    private Place Outside(string name) => new(new PlaceState("", name, Role.Host, Off), [], _context.Now);
}
