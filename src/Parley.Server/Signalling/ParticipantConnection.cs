using System.Net;
using Parley.Protocol;
using Parley.Server.Meetings;

namespace Parley.Server.Signalling;

/// <summary>
/// One hub connection: checks the form and the rate of what it asks, and passes it to the meeting it is in. SignalR runs one call
/// of a connection at a time; only <see cref="Disconnected"/> may come while one is under way.
/// </summary>
internal sealed class ParticipantConnection(SignallingServices services, Func<Outbox> openOutbox, IPAddress? address, string? host)
{
    private const int LongestSdp = 200_000;

    private readonly TokenBucket _chat = new(services.Rates.Chat, services.Time);
    private readonly TokenBucket _reactions = new(services.Rates.Reactions, services.Time);
    private readonly TokenBucket _offers = new(services.Rates.Offers, services.Time);
    private readonly TokenBucket _media = new(services.Rates.Media, services.Time);
    private readonly TokenBucket _views = new(services.Rates.Views, services.Time);
    private readonly TokenBucket _links = new(services.Rates.Links, services.Time);
    private readonly TokenBucket _hosting = new(services.Rates.Hosting, services.Time);
    private readonly TokenBucket _reports = new(services.Rates.Reports, services.Time);
    private volatile Membership? _membership;
    private volatile bool _disconnected;

    public async Task<Reply<Joined>> JoinAsync(JoinRequest? request, CancellationToken cancellation)
    {
        if (_membership is { IsWaiting: false }) return Refuse<Joined>(Refusal.AlreadyJoined);
        if (request?.MeetingId is null) return Refuse<Joined>(Refusal.RequestInvalid("A join needs the id of a meeting."));
        var rate = services.PerAddress.Joins.For(address);
        if (!rate.TryTake(out var wait)) return Refuse<Joined>(Refusal.RateLimited("joins from your address", wait));

        var found = await services.Directory.FindAsync(request.MeetingId, cancellation);
        if (found.Value is not { } meeting) return Refuse<Joined>(found.Error!);
        // Whoever waited does so no more: they were let in, or knock again.
        if (_membership is { } waiting) await LeaveAsync(waiting);
        var outbox = openOutbox();
        _membership = new Membership(meeting, outbox, IsWaiting: false);
        // Either we see that the connection is gone, or Disconnected sees where it was.
        Interlocked.MemoryBarrier();
        if (_disconnected) await outbox.DisposeAsync();
        var token = request.Token is null ? null : await services.Tokens.ReadAsync(request.Token);
        var reply = await meeting.JoinAsync(request, outbox, string.IsNullOrEmpty(host) ? "localhost" : host, token);
        if (reply.Error?.Code == ErrorCodes.Waiting)
        {
            _membership = _membership with { IsWaiting = true };
            services.Gate.WhenWritten(reply, outbox.Open);
            return Counted(reply);
        }

        if (reply.Value is not { } joined)
        {
            _membership = null;
            await outbox.DisposeAsync();
            return Refuse<Joined>(reply.Error!);
        }

        if (joined.Resumed) rate.GiveBack();
        services.Gate.WhenWritten(reply, outbox.Open);
        return reply;
    }

    public async Task<Reply<bool>> LeaveAsync()
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        return Counted(await LeaveAsync(membership));
    }

    public async Task<Reply<bool>> CancelAsync(string? creatorSecret)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (!services.PerAddress.Cancels.For(address).TryTake(out var wait))
            return Refuse<bool>(Refusal.RateLimited("attempts to end a meeting", wait));
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        membership.Outbox.AwaitReply(written.Task);
        var reply = await membership.Meeting.CancelAsync(creatorSecret, membership.Outbox);
        services.Gate.WhenWritten(reply, written.SetResult);
        return Counted(reply);
    }

    public Task<Reply<bool>> SetHandAsync(bool raised) => HostingAsync(raised, (meeting, link, ask) => meeting.SetHandAsync(link, ask));

    public Task<Reply<bool>> RenameAsync(Rename? rename) => HostingAsync(rename, (meeting, link, ask) => meeting.RenameAsync(link, ask));

    public Task<Reply<bool>> ChangeSettingsAsync(SettingsChange? change) =>
        HostingAsync(change, (meeting, link, ask) => meeting.ChangeSettingsAsync(link, ask));

    public Task<Reply<bool>> SetRoleAsync(SetRole? assignment) => HostingAsync(assignment, (meeting, link, ask) => meeting.SetRoleAsync(link, ask));

    public Task<Reply<bool>> SwitchOffAsync(SwitchOff? what) => HostingAsync(what, (meeting, link, ask) => meeting.SwitchOffAsync(link, ask));

    public Task<Reply<bool>> AskToUnmuteAsync(string? participantId) =>
        HostingAsync(participantId, (meeting, link, ask) => meeting.AskToUnmuteAsync(link, ask));

    public Task<Reply<bool>> LowerHandsAsync(string? participantId) =>
        HostingAsync(new { participantId }, (meeting, link, ask) => meeting.LowerHandsAsync(link, ask.participantId));

    public Task<Reply<bool>> RemoveAsync(RemoveParticipant? removal) => HostingAsync(removal, (meeting, link, ask) => meeting.RemoveAsync(link, ask));

    public Task<Reply<bool>> AnswerKnockAsync(KnockAnswer? answer) => HostingAsync(answer, (meeting, link, ask) => meeting.AnswerKnockAsync(link, ask));

    public async Task<Reply<ChatMessage>> SendChatAsync(SendChat? message)
    {
        if (_membership is not { } membership) return Refuse<ChatMessage>(Refusal.NotJoined);
        if (message is null) return Refuse<ChatMessage>(Refusal.RequestInvalid("A chat message needs a clientId and a text."));
        if (!_chat.TryTake(out var wait)) return Refuse<ChatMessage>(Refusal.RateLimited("messages", wait));
        return Counted(await membership.Meeting.SendChatAsync(membership.Outbox, message));
    }

    public Task<Reply<bool>> DeleteChatAsync(string? messageId) => HostingAsync(messageId, (meeting, link, ask) => meeting.DeleteChatAsync(link, ask));

    public async Task<Reply<ChatPage>> ChatBeforeAsync(ChatBefore? page)
    {
        if (_membership is not { } membership) return Refuse<ChatPage>(Refusal.NotJoined);
        if (page is null) return Refuse<ChatPage>(Refusal.RequestInvalid("chatBefore needs the id of a message."));
        if (!_hosting.TryTake(out var wait)) return Refuse<ChatPage>(Refusal.RateLimited("requests of this kind", wait));
        return Counted(await membership.Meeting.ChatBeforeAsync(membership.Outbox, page));
    }

    public async Task<Reply<bool>> ReactToChatAsync(ReactToChat? reaction)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (reaction is null) return Refuse<bool>(Refusal.RequestInvalid("reactToChat needs a message and an emoji."));
        if (!_reactions.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("reactions", wait));
        return Counted(await membership.Meeting.ReactToChatAsync(membership.Outbox, reaction));
    }

    public async Task<Reply<bool>> ReactAsync(string? emoji)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (!_reactions.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("reactions", wait));
        return Counted(await membership.Meeting.ReactAsync(membership.Outbox, emoji));
    }

    public async Task<Reply<bool>> SetMediaAsync(MediaState? media)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (media is null) return Refuse<bool>(Refusal.RequestInvalid("setMedia needs the state of microphone and camera."));
        if (!_media.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("changes of microphone and camera", wait));
        return Counted(await membership.Meeting.SetMediaAsync(membership.Outbox, media));
    }

    public async Task<Reply<SessionDescriptionMessage>> OfferAsync(SessionDescriptionMessage? offer)
    {
        if (_membership is not { } membership) return Refuse<SessionDescriptionMessage>(Refusal.NotJoined);
        if (offer?.Sdp is not { Length: > 0 and <= LongestSdp } sdp)
            return Refuse<SessionDescriptionMessage>(Refusal.OfferInvalid("An offer needs an SDP of up to 200,000 characters."));
        if (!_offers.TryTake(out var wait)) return Refuse<SessionDescriptionMessage>(Refusal.RateLimited("offers", wait));
        return Counted(await membership.Meeting.OfferAsync(membership.Outbox, sdp));
    }

    public async Task<Reply<bool>> SetViewAsync(IReadOnlyList<SlotView>? view)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (view is null) return Refuse<bool>(Refusal.ViewInvalid("setView needs a list of slots, which may be empty."));
        if (!_views.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("changes of the view", wait));
        return Counted(await membership.Meeting.SetViewAsync(membership.Outbox, view));
    }

    public async Task<Reply<bool>> SetVolumeAsync(VoiceVolume? volume)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (volume is null) return Refuse<bool>(Refusal.RequestInvalid("setVolume needs a participant and how loud they are to be."));
        if (!_views.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("changes of a volume", wait));
        return Counted(await membership.Meeting.SetVolumeAsync(membership.Outbox, volume));
    }

    public async Task<Reply<bool>> SetModeAsync(ModePin pin)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (!_reports.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("choices of the mode", wait));
        return Counted(await membership.Meeting.SetModeAsync(membership.Outbox, pin));
    }

    public async Task<Reply<bool>> SignalLinkAsync(LinkSignal? signal)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (signal is null) return Refuse<bool>(Refusal.RequestInvalid("signalLink needs the id of a link and what to tell its other end."));
        if (!_links.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("messages over a link", wait));
        return Counted(await membership.Meeting.SignalLinkAsync(membership.Outbox, signal));
    }

    public async Task<Reply<bool>> ReportLinkAsync(LinkReport? report)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (report is null) return Refuse<bool>(Refusal.RequestInvalid("reportLink needs the id of a link and its state."));
        if (!_reports.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("reports of a link", wait));
        return Counted(await membership.Meeting.ReportLinkAsync(membership.Outbox, report));
    }

    public async Task<Reply<bool>> ReportPathAsync(PathReport? report)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (report is null) return Refuse<bool>(Refusal.RequestInvalid("reportPath needs the path of your media."));
        if (!_reports.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("reports of a path", wait));
        return Counted(await membership.Meeting.ReportPathAsync(membership.Outbox, report));
    }

    /// <summary>The connection is gone; the meeting keeps the place for a while.</summary>
    public void Disconnected()
    {
        _disconnected = true;
        Interlocked.MemoryBarrier();
        if (_membership is not { } membership) return;
        // Its disposal waits for a write under way, which ends with the connection; nobody need wait for that.
        _ = membership.Outbox.DisposeAsync().AsTask();
        membership.Meeting.Disconnected(membership.Outbox);
    }

    /// <summary>Hands, names, and what hosts do: of one form, and of one rate.</summary>
    private async Task<Reply<bool>> HostingAsync<T>(T? ask, Func<Meeting, IParticipantLink, T, Task<Reply<bool>>> call)
    {
        if (_membership is not { } membership) return Refuse<bool>(Refusal.NotJoined);
        if (ask is null) return Refuse<bool>(Refusal.RequestInvalid("This call needs its argument, as docs/protocol.md says."));
        if (!_hosting.TryTake(out var wait)) return Refuse<bool>(Refusal.RateLimited("requests of this kind", wait));
        return Counted(await call(membership.Meeting, membership.Outbox, ask));
    }

    private async Task<Reply<bool>> LeaveAsync(Membership membership)
    {
        var reply = await membership.Meeting.LeaveAsync(membership.Outbox);
        _membership = null;
        // Nothing of this meeting may come after the reply, or into the next one.
        await membership.Outbox.DisposeAsync();
        return reply;
    }

    private Reply<T> Refuse<T>(ProtocolError error) => Counted(error.As<T>());

    private Reply<T> Counted<T>(Reply<T> reply)
    {
        if (reply.Error is { } error) services.Metrics.Refused(error.Code);
        return reply;
    }

    /// <param name="IsWaiting">In the lobby.</param>
    private sealed record Membership(Meeting Meeting, Outbox Outbox, bool IsWaiting);
}
