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

    /// <summary>Whether one has joined with the creator secret.</summary>
    public bool IsCreator => _actor.Now.IsCreator;

    /// <summary>Who is there, oneself included, in order of joining. A snapshot.</summary>
    public IReadOnlyList<Participant> Participants => _actor.Now.Participants;

    /// <summary>The newest 500 lines of chat, in order of sending. A snapshot.</summary>
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
    public Task<ChatMessage> SendChatAsync(string text, CancellationToken cancellation = default) => _actor.SendChatAsync(text, cancellation);

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

    /// <summary>Says which way media should go; for who created the meeting.</summary>
    /// <exception cref="ParleyException">As for <see cref="SendChatAsync"/>.</exception>
    public Task SetModeAsync(ModePin pin, CancellationToken cancellation = default) => _actor.SetModeAsync(pin, cancellation);

    /// <summary>Ends the meeting for everyone.</summary>
    /// <param name="creatorSecret">Null for the one joined with.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ParleyException"><see cref="ParleyError.Invalid"/> without a secret; else as for <see cref="SendChatAsync"/>.</exception>
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
