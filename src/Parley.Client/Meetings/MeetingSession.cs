using Parley.Client.Media;
using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// One's presence in a meeting, from <see cref="ParleyServer.JoinAsync"/> to its end. When the connection is lost it comes back by
/// itself, into its old place where the server has kept it; what was asked meanwhile is done then. Safe to use from many threads;
/// each property is right at the moment it is read.
/// </summary>
public sealed class MeetingSession : IAsyncDisposable
{
    private readonly SessionActor _actor;

    private MeetingSession(SessionActor actor) => _actor = actor;

    /// <summary>The meeting's id, as it stands in its link.</summary>
    public string Id => Meeting.Id;

    /// <summary>The meeting's title.</summary>
    public string Title => Meeting.Title;

    /// <summary>What does not change in the meeting.</summary>
    public MeetingInfo Meeting => _actor.Now.Meeting;

    /// <summary>What the server takes: lengths, participants, slots.</summary>
    public Limits Limits => _actor.Now.Limits;

    /// <summary>One's own id; another one after a <see cref="Reconnected"/> that did not resume.</summary>
    public string ParticipantId => _actor.Now.ParticipantId;

    /// <summary>What one may do.</summary>
    public Role Role => _actor.Role;

    /// <summary>How hosts run the meeting.</summary>
    public MeetingSettings Settings => _actor.Now.Settings;

    /// <summary>For hosts: who waits in the lobby, in order. A snapshot.</summary>
    public IReadOnlyList<Waiting> Waiting => _actor.Now.Waiting;

    /// <summary>Who is there, oneself included, in order of joining. A snapshot.</summary>
    public IReadOnlyList<Participant> Participants => _actor.Now.Participants;

    /// <summary>The newest messages of the chat, at most 500, in order of sending. A snapshot.</summary>
    public IReadOnlyList<ChatMessage> Chat => _actor.Now.Chat;

    /// <summary>The ids of those who speak now.</summary>
    public IReadOnlyList<string> Speaking => _actor.Now.Speaking;

    /// <summary>The id of who speaks mainly, or null.</summary>
    public string? Dominant => _actor.Now.Dominant;

    /// <summary>The pictures asked for that come smaller than they could, or are paused, over the server. A snapshot.</summary>
    public IReadOnlyList<PictureQuality> LimitedPictures => _actor.Now.Limited;

    /// <summary>One's own devices, as the server has last taken them.</summary>
    public MediaState Media => _actor.Now.Media;

    /// <summary>How the media connection is; null where there is none, as without <see cref="JoinOptions.Media"/>.</summary>
    public MediaConnectionState? MediaConnection => _actor.Now.MediaConnection;

    /// <summary>Who carries the media, as the server has last said, and why.</summary>
    public ModeState Mode => _actor.Now.Mode;

    /// <summary>Which way the other's sound and pictures come at this moment.</summary>
    public MeetingMode Path => _actor.Path;

    /// <summary>How the session stands to its meeting.</summary>
    public SessionState State => _actor.Now.State;

    /// <summary>Why it is over; null until then.</summary>
    public SessionEndReason? EndReason => _actor.Now.End?.Reason;

    /// <summary>Why it is over, for people; null until then.</summary>
    public string? EndMessage => _actor.Now.End?.Message;

    /// <summary>Events that nobody read in time: the newest 4,096 are kept.</summary>
    public long DroppedEvents => _actor.Events.Dropped;

    /// <summary>
    /// What the media connection in use does right now, the one to the server or the link to the other; null when there is none. Waits
    /// for the media thread, a moment.
    /// </summary>
    public MediaStatistics? GetMediaStatistics()
    {
        try
        {
            return _actor.GetStatistics();
        }
        catch (ParleyException)
        {
            // It has just ended.
            return null;
        }
    }

    /// <summary>A decoder stands still until the next keyframe of someone's: asks for one. Any thread; does not block.</summary>
    public void RequestKeyframe(string participantId, VideoSourceKind source)
    {
        _actor.Leg?.RequestKeyframe(participantId, source);
        if (_actor.PeerLink is { } link && link.PeerId == participantId) link.RequestKeyframe(source);
    }

    /// <summary>The link of this moment.</summary>
    internal IPeerLink? Link => _actor.PeerLink;

    /// <summary>The media connection of this moment.</summary>
    internal IMediaLeg? Leg => _actor.Leg;

    /// <summary>
    /// What happens, from the join on, in order; ends after <see cref="SessionEnded"/>. For one reader: of two, each gets a part.
    /// Who stops reading and begins again goes on where they stopped.
    /// </summary>
    /// <param name="cancellation">Stops reading; the session goes on.</param>
    public IAsyncEnumerable<MeetingEvent> ReadEventsAsync(CancellationToken cancellation = default) => _actor.Events.ReadAsync(cancellation);

    /// <summary>
    /// Says a line. Done once it is on the server's disk; everyone, oneself included, gets it as a <see cref="ChatAdded"/>, which
    /// may come a moment later. When the connection is lost on the way it is sent again after the rejoin, and stands there once.
    /// </summary>
    /// <param name="text">1–5,000 characters, as <see cref="Limits"/> has it.</param>
    /// <param name="cancellation">Stops waiting. A line that is not on its way yet is not sent.</param>
    /// <exception cref="ParleyException"><see cref="ParleyError.Refused"/> by the server; <see cref="ParleyError.Lost"/> when it did not come back.</exception>
    public Task<ChatMessage> SendChatAsync(string text, CancellationToken cancellation = default) => _actor.SendChatAsync(text, null, cancellation);

    /// <summary>The same for one participant alone: nobody else is told, hosts included.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task<ChatMessage> SendPrivateChatAsync(string participantId, string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(participantId);
        return _actor.SendChatAsync(text, participantId, cancellation);
    }

    /// <summary>Deletes a message of one's own, or as a host any that is public. A <see cref="ChatChanged"/> tells what is left of it.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task DeleteChatAsync(string messageId, CancellationToken cancellation = default) => _actor.DoAsync("deleteChat", messageId, cancellation);

    /// <summary>Puts an emoji under a message, or takes it away.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task ReactToChatAsync(string messageId, string emoji, bool on = true, CancellationToken cancellation = default) =>
        _actor.DoAsync("reactToChat", new ReactToChat(messageId, emoji, on), cancellation);

    /// <summary>Gives a sign to all: 👍 👏 ❤️ 😂 😮 or 🎉. It is not kept.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task ReactAsync(string emoji, CancellationToken cancellation = default) => _actor.DoAsync("react", emoji, cancellation);

    /// <summary>Older messages than one, the newest of them; <see cref="Chat"/> stays as it is.</summary>
    /// <param name="messageId">The oldest that is known.</param>
    /// <param name="limit">At most so many, 1–100; null for the server's own number.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task<ChatPage> ReadChatBeforeAsync(string messageId, int? limit = null, CancellationToken cancellation = default) =>
        _actor.ReadChatBeforeAsync(new ChatBefore(messageId, limit), cancellation);

    /// <summary>Sends a file to the chat, or to one participant alone. Not tried again: it is for who calls to say whether it is worth it.</summary>
    /// <param name="name">What it is called, with its extension.</param>
    /// <param name="content">From where it stands to its end, at most <see cref="Limits.FileSize"/> bytes; its length has to be known.</param>
    /// <param name="participantId">The only one who gets it; null for everyone.</param>
    /// <param name="cancellation">Gives up; the server then keeps nothing of it.</param>
    /// <exception cref="ParleyException">It was refused, or the server is away.</exception>
    public Task<ChatMessage> SendFileAsync(string name, Stream content, string? participantId = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        return _actor.SendFileAsync(name, content, participantId, cancellation);
    }

    /// <summary>Writes a file of the chat to a stream. What is in it others have sent: nothing of it is to be trusted.</summary>
    /// <param name="file">Of a message.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ParleyException">It was refused or deleted, or the server is away.</exception>
    public Task GetFileAsync(ChatFile file, Stream to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(to);
        return _actor.GetFileAsync(file, to, cancellation);
    }

    /// <summary>Switches microphone and camera. What is switched off is silent at once, even while the server is away.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetMediaAsync(bool mic, bool camera, CancellationToken cancellation = default) =>
        _actor.SetMediaAsync(new MediaState(mic, camera), cancellation);

    /// <summary>
    /// Says whom one wants to see: the whole view, most wanted first. Who is seen already stays in their slot; where there are
    /// more than <see cref="Limits"/> has slots, the last get none; those not named are paused; who is not there is passed over.
    /// Done when the server has taken it, or at once while there is no media connection: it is asked for when there is one.
    /// </summary>
    /// <exception cref="ParleyException"><see cref="ParleyError.Invalid"/> for a size out of range; else as for <see cref="SendChatAsync"/>.</exception>
    public Task ShowAsync(IReadOnlyList<ViewRequest> view, CancellationToken cancellation = default) => _actor.ShowAsync(view, cancellation);

    /// <summary>Says which way media should go; for hosts.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetModeAsync(ModePin pin, CancellationToken cancellation = default) => _actor.SetModeAsync(pin, cancellation);

    /// <summary>Chooses how loud one hears another in the server's mix: 0 (not at all) to 2, 1 as they are.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetVolumeAsync(string participantId, double volume, CancellationToken cancellation = default) =>
        _actor.DoAsync("setVolume", new VoiceVolume(participantId, volume), cancellation);

    /// <summary>Raises or lowers one's own hand; the order of hands is that of <see cref="Participant.HandRaisedAt"/>.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetHandAsync(bool raised, CancellationToken cancellation = default) => _actor.DoAsync("setHand", raised, cancellation);

    /// <summary>Renames oneself, or as a host another.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task RenameAsync(string name, string? participantId = null, CancellationToken cancellation = default) =>
        _actor.DoAsync("rename", new Rename(participantId, name), cancellation);

    /// <summary>For hosts: rights, lock, lobby and passcode.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task ChangeSettingsAsync(SettingsChange change, CancellationToken cancellation = default) =>
        _actor.DoAsync("changeSettings", change, cancellation);

    /// <summary>For hosts: makes somebody host, participant or listener.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetRoleAsync(string participantId, Role role, CancellationToken cancellation = default) =>
        _actor.DoAsync("setRole", new SetRole(participantId, role), cancellation);

    /// <summary>For hosts: switches off what somebody sends, or all who are no hosts.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SwitchOffAsync(MediaSource source, string? participantId = null, CancellationToken cancellation = default) =>
        _actor.DoAsync("switchOff", new SwitchOff(participantId, source), cancellation);

    /// <summary>For hosts: asks somebody to switch their microphone on.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task AskToUnmuteAsync(string participantId, CancellationToken cancellation = default) =>
        _actor.DoAsync("askToUnmute", participantId, cancellation);

    /// <summary>For hosts: lowers the hand of one, or all hands.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task LowerHandsAsync(string? participantId = null, CancellationToken cancellation = default) =>
        _actor.DoAsync("lowerHands", participantId, cancellation);

    /// <summary>For hosts: removes somebody, who may join anew or not.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task RemoveAsync(string participantId, bool mayReturn, CancellationToken cancellation = default) =>
        _actor.DoAsync("remove", new RemoveParticipant(participantId, mayReturn), cancellation);

    /// <summary>For hosts: lets in, or turns away, one who waits or all.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task AnswerKnockAsync(bool admit, string? waitingId = null, CancellationToken cancellation = default) =>
        _actor.DoAsync("answerKnock", new KnockAnswer(waitingId, admit), cancellation);

    /// <summary>Ends the meeting for everyone.</summary>
    /// <param name="creatorSecret">Null for the one joined with; a host needs none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task CancelAsync(string? creatorSecret = null, CancellationToken cancellation = default) =>
        _actor.CancelMeetingAsync(creatorSecret, cancellation);

    /// <summary>Gives the place up, as far as the server can be reached, and ends the session. Never throws for a server that is away.</summary>
    /// <param name="cancellation">Stops waiting; the session ends all the same.</param>
    public Task LeaveAsync(CancellationToken cancellation = default) => _actor.LeaveAsync().WaitAsync(cancellation);

    /// <summary>Leaves, if that is still to do, and closes everything.</summary>
    public async ValueTask DisposeAsync() => await _actor.LeaveAsync().ConfigureAwait(false);

    internal static async Task<MeetingSession> JoinAsync(SessionContext context, CancellationToken cancellation)
    {
        var actor = new SessionActor(context);
        try
        {
            await actor.JoinAsync(cancellation).ConfigureAwait(false);
            return new MeetingSession(actor);
        }
        catch
        {
            await actor.LeaveAsync().ConfigureAwait(false);
            throw;
        }
    }
}
