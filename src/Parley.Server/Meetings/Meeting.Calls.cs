using Parley.Protocol;
using Parley.Server.Files;

namespace Parley.Server.Meetings;

/// <summary>What may be asked of a meeting, by its participants' connections and by REST: each is a command in its mailbox.</summary>
internal sealed partial class Meeting
{
    /// <summary>Gives a place, new or resumed, and the full snapshot. <paramref name="link"/> gets every event after it.</summary>
    /// <param name="host">The name or address by which the client reached this server.</param>
    /// <param name="token">What the request's join token says, or why it is wrong; null when it has none.</param>
    public Task<Reply<Joined>> JoinAsync(JoinRequest request, IParticipantLink link, string host = "localhost", Reply<JoinPass>? token = null)
    {
        // Deriving a key takes milliseconds: not in the mailbox.
        var hash = _rules.PasscodeHash;
        var passed = hash is not null && Passcode.Matches(request.Passcode, hash) ? hash : null;
        return AskAsync(() => Join(request, link, host, passed, token));
    }

    /// <summary>Gives a place up, or stops waiting for one.</summary>
    public Task<Reply<bool>> LeaveAsync(IParticipantLink link) => AskAsync(() =>
        FindPlace(link) is { } place ? Leave(place)
        : Task.FromResult(StopKnocking(link) ? Done : Refusal.NotJoined.As<bool>()));

    public Task<Reply<ChatMessage>> SendChatAsync(IParticipantLink link, SendChat message) =>
        AskPlaceAsync(link, place => Chat(place, message));

    public async Task<Reply<bool>> DeleteChatAsync(IParticipantLink link, string? messageId) =>
        await PurgeAsync(await AskPlaceAsync(link, place => DeleteChat(place, messageId)));

    public Task<Reply<bool>> ReactToChatAsync(IParticipantLink link, ReactToChat reaction) =>
        AskPlaceAsync(link, place => ReactToChat(place, reaction));

    public Task<Reply<bool>> ReactAsync(IParticipantLink link, string? emoji) => AskPlaceAsync(link, place => Task.FromResult(React(place, emoji)));

    public async Task<Reply<ChatPage>> ChatBeforeAsync(IParticipantLink link, ChatBefore page)
    {
        var reader = await AskPlaceAsync(link, place => Task.FromResult(new Reply<string>(place.Id, null)));
        return reader.Value is { } id ? await ReadPageAsync(id, page) : reader.Error!.As<ChatPage>();
    }

    /// <param name="token">The resume token of who sends it.</param>
    public Task<Reply<IncomingFile>> BeginFileAsync(string? token, FileOffer offer) => AskAsync(() => Task.FromResult(BeginFile(token, offer)));

    public Task<Reply<ChatMessage>> AddFileAsync(IncomingFile file, StoredFile stored) => AskAsync(() => AddFile(file, stored));

    /// <summary>It is there, or given up: its room is free again.</summary>
    public void EndFile(IncomingFile file) => _mailbox.Post(() =>
    {
        _files.End(file);
        return Task.CompletedTask;
    });

    public Task<Reply<bool>> SetMediaAsync(IParticipantLink link, MediaState media) =>
        AskPlaceAsync(link, place => SetMedia(place, media));

    public Task<Reply<bool>> SetViewAsync(IParticipantLink link, IReadOnlyList<SlotView> view) =>
        AskPlaceAsync(link, place => Task.FromResult(SetView(place, view)));

    public Task<Reply<bool>> SetModeAsync(IParticipantLink link, ModePin pin) => AskPlaceAsync(link, place => SetMode(place, pin));

    public Task<Reply<bool>> SetVolumeAsync(IParticipantLink link, VoiceVolume volume) =>
        AskPlaceAsync(link, place => Task.FromResult(SetVolume(place, volume)));

    public Task<Reply<bool>> SetHandAsync(IParticipantLink link, bool raised) => AskPlaceAsync(link, place => SetHand(place, raised));

    public Task<Reply<bool>> RenameAsync(IParticipantLink link, Rename rename) => AskPlaceAsync(link, place => Rename(place, rename));

    public Task<Reply<bool>> ChangeSettingsAsync(IParticipantLink link, SettingsChange change) =>
        AskPlaceAsync(link, place => ChangeSettings(place, change));

    public Task<Reply<bool>> SetRoleAsync(IParticipantLink link, SetRole assignment) => AskPlaceAsync(link, place => SetRole(place, assignment));

    public Task<Reply<bool>> SwitchOffAsync(IParticipantLink link, SwitchOff what) => AskPlaceAsync(link, place => SwitchOff(place, what));

    public Task<Reply<bool>> AskToUnmuteAsync(IParticipantLink link, string? participantId) =>
        AskPlaceAsync(link, place => AskToUnmute(place, participantId));

    public Task<Reply<bool>> LowerHandsAsync(IParticipantLink link, string? participantId) =>
        AskPlaceAsync(link, place => LowerHands(place, participantId));

    public Task<Reply<bool>> RemoveAsync(IParticipantLink link, RemoveParticipant removal) => AskPlaceAsync(link, place => Remove(place, removal));

    public Task<Reply<bool>> AnswerKnockAsync(IParticipantLink link, KnockAnswer answer) => AskPlaceAsync(link, place => AnswerKnock(place, answer));

    public Task<Reply<bool>> SignalLinkAsync(IParticipantLink link, LinkSignal signal) =>
        AskPlaceAsync(link, place => Task.FromResult(SignalLink(place, signal)));

    public Task<Reply<bool>> ReportLinkAsync(IParticipantLink link, LinkReport report) =>
        AskPlaceAsync(link, place => ReportLink(place, report));

    public Task<Reply<bool>> ReportPathAsync(IParticipantLink link, PathReport report) =>
        AskPlaceAsync(link, place => Task.FromResult(ReportPath(place, report)));

    /// <summary>The meeting as the list shows it; title, creator and how many are in a closed one are for who belongs to it.</summary>
    public Task<Reply<MeetingSummary>> ReadSummaryAsync(Asker asker) => _rules.IsClosed && !asker.MayAll
        ? AskAsync(() => Task.FromResult(new Reply<MeetingSummary>(IsInside(asker) ? Summary : Summary with { Title = "", CreatedBy = "", Participants = null }, null)))
        : Task.FromResult(new Reply<MeetingSummary>(Summary, null));

    /// <param name="asker">By a resume token or the creator secret they see addresses, and anything of a closed meeting.</param>
    public Task<Reply<MeetingPath>> ReadPathAsync(Asker asker) =>
        AskAsync(() => Task.FromResult(ReadPath(asker)));

    /// <param name="asker">By the creator secret or a host's resume token they see all figures, by another resume token those of the meeting and their own.</param>
    public async Task<Reply<MeetingStatistics>> ReadStatisticsAsync(Asker asker)
    {
        var asked = await AskAsync(() => Task.FromResult(AskForStatistics(asker)));
        return asked.Value is { } question ? await ReadAsync(question) : asked.Error!.As<MeetingStatistics>();
    }

    /// <summary>
    /// The offer takes its turn in the mailbox, the answer is awaited outside: however long the media plane takes, the meeting
    /// goes on.
    /// </summary>
    public async Task<Reply<SessionDescriptionMessage>> OfferAsync(IParticipantLink link, string sdp)
    {
        var begun = await AskPlaceAsync(link, place => BeginOfferAsync(place, sdp));
        return begun.Value is { } answering ? await AnswerAsync(answering) : begun.Error!.As<SessionDescriptionMessage>();
    }

    /// <summary>Ends the meeting for everyone, from inside.</summary>
    public Task<Reply<bool>> CancelAsync(string? secret, IParticipantLink link) => AskPlaceAsync(link, place =>
        secret is null && place.Role != Role.Host ? Task.FromResult(Refusal.HostsOnly("end the meeting for everyone").As<bool>())
        : secret is not null && !Secret.Matches(secret, _identity.CreatorSecretHash) ? Task.FromResult(Refusal.SecretWrong.As<bool>())
        : Cancel(place.Name));

    /// <summary>The same from outside.</summary>
    public Task<Reply<bool>> CancelAsync(Asker asker) => AskAsync(() =>
        asker.Name is { } name ? Cancel(name)
        : Secret.Matches(asker.Secret, _identity.CreatorSecretHash) ? Cancel(_identity.CreatedBy)
        : Task.FromResult(Refusal.SecretWrong.As<bool>()));

    /// <summary>The connection behind <paramref name="link"/> is gone: its place waits for it a while.</summary>
    public void Disconnected(IParticipantLink link) => _mailbox.Post(() => Lose(link));
}
