using Microsoft.AspNetCore.SignalR;
using Parley.Protocol;

namespace Parley.Server.Signalling;

/// <summary>The hub of protocol.md §4. Each method is one line over the connection, and through it over the meeting.</summary>
internal sealed class MeetingHub(SignallingServices services) : Hub, IMeetingHub
{
    public const string Path = "/hub/meeting";

    private static readonly object Key = new();

    private ParticipantConnection Connection => (ParticipantConnection)Context.Items[Key]!;

    public override Task OnConnectedAsync()
    {
        var (context, client) = (Context, MeetingConnections.Of(Context));
        Context.Items[Key] = new ParticipantConnection(
            services,
            () => new Outbox((name, argument, discard) => client.WriteAsync(services.Events.Get(name, argument), discard), context.Abort, services.Time),
            context.GetHttpContext()?.Connection.RemoteIpAddress,
            context.GetHttpContext()?.Request.Host.Host);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Connection.Disconnected();
        return Task.CompletedTask;
    }

    public Task<Reply<Joined>> Join(JoinRequest request) => Connection.JoinAsync(request, Context.ConnectionAborted);

    public Task<Reply<bool>> Leave() => Connection.LeaveAsync();

    public Task<Reply<bool>> Cancel(string? creatorSecret) => Connection.CancelAsync(creatorSecret);

    public Task<Reply<ChatMessage>> SendChat(SendChat message) => Connection.SendChatAsync(message);

    public Task<Reply<bool>> DeleteChat(string messageId) => Connection.DeleteChatAsync(messageId);

    public Task<Reply<bool>> ReactToChat(ReactToChat reaction) => Connection.ReactToChatAsync(reaction);

    public Task<Reply<ChatPage>> ChatBefore(ChatBefore page) => Connection.ChatBeforeAsync(page);

    public Task<Reply<bool>> React(string emoji) => Connection.ReactAsync(emoji);

    public Task<Reply<bool>> SetMedia(MediaState media) => Connection.SetMediaAsync(media);

    public Task<Reply<SessionDescriptionMessage>> Offer(SessionDescriptionMessage offer) => Connection.OfferAsync(offer);

    public Task<Reply<bool>> SetView(IReadOnlyList<SlotView> view) => Connection.SetViewAsync(view);

    public Task<Reply<bool>> SetMode(ModePin pin) => Connection.SetModeAsync(pin);

    public Task<Reply<bool>> SignalLink(LinkSignal signal) => Connection.SignalLinkAsync(signal);

    public Task<Reply<bool>> ReportLink(LinkReport report) => Connection.ReportLinkAsync(report);

    public Task<Reply<bool>> ReportPath(PathReport report) => Connection.ReportPathAsync(report);

    public Task<Reply<bool>> SetVolume(VoiceVolume volume) => Connection.SetVolumeAsync(volume);

    public Task<Reply<bool>> SetHand(bool raised) => Connection.SetHandAsync(raised);

    public Task<Reply<bool>> Rename(Rename rename) => Connection.RenameAsync(rename);

    public Task<Reply<bool>> ChangeSettings(SettingsChange change) => Connection.ChangeSettingsAsync(change);

    public Task<Reply<bool>> SetRole(SetRole assignment) => Connection.SetRoleAsync(assignment);

    public Task<Reply<bool>> SwitchOff(SwitchOff what) => Connection.SwitchOffAsync(what);

    public Task<Reply<bool>> AskToUnmute(string participantId) => Connection.AskToUnmuteAsync(participantId);

    public Task<Reply<bool>> LowerHands(string? participantId) => Connection.LowerHandsAsync(participantId);

    public Task<Reply<bool>> Remove(RemoveParticipant removal) => Connection.RemoveAsync(removal);

    public Task<Reply<bool>> AnswerKnock(KnockAnswer answer) => Connection.AnswerKnockAsync(answer);
}
