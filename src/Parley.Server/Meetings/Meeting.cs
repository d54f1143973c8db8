using System.Threading.Channels;
using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>
/// One meeting: an actor with one mailbox. Everything that changes it is a command there, so nothing here is locked. What is
/// acknowledged is on disk first: a command writes, and changes the meeting only when the write is done. A write that fails
/// refuses the command and leaves the meeting as it was.
/// </summary>
internal sealed partial class Meeting
{
    private readonly MeetingIdentity _identity;
    private readonly MeetingContext _context;
    private readonly Action<Meeting> _onEnded;
    private readonly Mailbox _mailbox;
    private readonly MediaEventInbox _mediaEvents;
    private readonly List<Place> _places = [];
    private readonly ChatLog _chat;
    private IMeetingMedia? _media;
    private ITimer? _unused;
    private SpeakersChanged? _speakers;
    private bool _stopping;
    private volatile MeetingSummary _summary;
    private volatile MeetingEnded? _ended;

    private Meeting(MeetingIdentity identity, MeetingContext context, Action<Meeting> onEnded)
    {
        _identity = identity;
        _context = context;
        _onEnded = onEnded;
        _chat = new ChatLog(context.Options.Limits.ChatHistory);
        _summary = Summarize();
        _mode = new ModeState(MeetingMode.Server, ModePin.Auto, ModeReason.Started, context.Now);
        _mailbox = new Mailbox(fault => Log.CommandFailed(context.Logger, fault, identity.Id));
        _mediaEvents = new MediaEventInbox(() => _mailbox.Post(TellMediaEvents));
        context.Metrics.Meetings.Add(1);
    }

    public string Id => _identity.Id;

    /// <summary>The meeting as the list shows it; may be read from anywhere.</summary>
    public MeetingSummary Summary => _summary;

    /// <summary>Why it is over, or null; may be read from anywhere.</summary>
    public MeetingEnded? Ended => _ended;

    /// <summary>A new meeting, already on disk. It ends by itself when nobody joins it in time.</summary>
    public static Meeting Open(MeetingIdentity identity, MeetingContext context, Action<Meeting> onEnded)
    {
        var meeting = new Meeting(identity, context, onEnded);
        meeting.WaitForFirst(context.UnusedFor);
        return meeting;
    }

    /// <summary>
    /// A meeting that was open when the process last stopped. Who had a place has it again, for as long as a lost connection
    /// keeps it.
    /// </summary>
    /// <param name="used">Somebody has joined it before.</param>
    public static Meeting Reopen(UnfinishedMeeting kept, bool used, MeetingContext context, Action<Meeting> onEnded)
    {
        var identity = new MeetingIdentity(kept.Id, kept.Title, kept.CreatedBy, kept.CreatorSecretHash, kept.StartedAt);
        var meeting = new Meeting(identity, context, onEnded);
        meeting.Restore(kept, used);
        return meeting;
    }

    /// <summary>Gives a place, new or resumed, and the full snapshot. <paramref name="link"/> gets every event after it.</summary>
    /// <param name="host">The name or address by which the client reached this server.</param>
    public Task<Reply<Joined>> JoinAsync(JoinRequest request, IParticipantLink link, string host = "localhost") =>
        AskAsync(() => Join(request, link, host));

    public Task<Reply<bool>> LeaveAsync(IParticipantLink link) => AskPlaceAsync(link, Leave);

    public Task<Reply<ChatMessage>> SendChatAsync(IParticipantLink link, SendChat message) =>
        AskPlaceAsync(link, place => Chat(place, message));

    public Task<Reply<bool>> SetMediaAsync(IParticipantLink link, MediaState media) =>
        AskPlaceAsync(link, place => SetMedia(place, media));

    public Task<Reply<bool>> SetViewAsync(IParticipantLink link, IReadOnlyList<SlotView> view) =>
        AskPlaceAsync(link, place => Task.FromResult(SetView(place, view)));

    public Task<Reply<bool>> SetModeAsync(IParticipantLink link, ModePin pin) => AskPlaceAsync(link, place => SetMode(place, pin));

    public Task<Reply<bool>> SignalLinkAsync(IParticipantLink link, LinkSignal signal) =>
        AskPlaceAsync(link, place => Task.FromResult(SignalLink(place, signal)));

    public Task<Reply<bool>> ReportLinkAsync(IParticipantLink link, LinkReport report) =>
        AskPlaceAsync(link, place => ReportLink(place, report));

    public Task<Reply<bool>> ReportPathAsync(IParticipantLink link, PathReport report) =>
        AskPlaceAsync(link, place => Task.FromResult(ReportPath(place, report)));

    /// <param name="secret">A resume token or the creator secret, for who may see addresses; or null.</param>
    public Task<Reply<MeetingPath>> ReadPathAsync(string? secret) =>
        AskAsync(() => Task.FromResult(new Reply<MeetingPath>(ReadPath(secret), null)));

    /// <param name="secret">The creator secret for all figures, or a resume token for those of the meeting and one's own.</param>
    public async Task<Reply<MeetingStatistics>> ReadStatisticsAsync(string? secret)
    {
        var asked = await AskAsync(() => Task.FromResult(AskForStatistics(secret)));
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

    /// <param name="link">Who cancels, when they do so from inside.</param>
    public Task<Reply<bool>> CancelAsync(string? secret, IParticipantLink? link) =>
        link is null ? AskAsync(() => Cancel(secret, null)) : AskPlaceAsync(link, place => Cancel(secret, place));

    /// <summary>The connection behind <paramref name="link"/> is gone: its place waits for it a while.</summary>
    public void Disconnected(IParticipantLink link) => _mailbox.Post(() => Lose(link));

    /// <summary>The process stops: nothing is ended or told, everything is on disk already.</summary>
    public void BeginStop() => _mailbox.Post(() =>
    {
        _stopping = true;
        foreach (var place in _places) place.StopGrace();
        _unused?.Dispose();
        StopMode();
        CloseMedia();
        _mailbox.Complete();
        return Task.CompletedTask;
    });

    /// <summary>Done when the commands before <see cref="BeginStop"/> are.</summary>
    public Task Stopped => _mailbox.Completion;

    private void WaitForFirst(TimeSpan time) => _unused = _context.Time.CreateTimer(
        _ => _mailbox.Post(() => _unused is null ? Task.CompletedTask : EndAsync(EndReason.Unused, null)),
        null,
        time,
        Timeout.InfiniteTimeSpan);

    /// <summary>Before the first command, so that none finds a meeting half restored.</summary>
    private void Restore(UnfinishedMeeting kept, bool used)
    {
        foreach (var message in kept.Chat) _chat.Add(message.Message, message.ClientId);
        foreach (var (id, name, isCreator, tokenHash, media, joinedAt) in kept.Places)
        {
            var place = new Place(id, name, isCreator, tokenHash, media, joinedAt);
            _places.Add(place);
            _context.Metrics.Participants.Add(1);
            StartGrace(place);
        }

        _summary = Summarize();
        // Whatever they did, they begin on this server again.
        if (kept.Mode != MeetingMode.Server)
            _mailbox.Post(() => TryRecordAsync(() => _context.Records.ModeChangedAsync(Id, new ModeChange(MeetingMode.Server, ModeReason.Started, _context.Now))));
        if (!used)
        {
            // At least the grace, so that a meeting made just before a long stop does not end under its first guest's hands.
            var left = kept.StartedAt + _context.UnusedFor - _context.Now;
            WaitForFirst(left > _context.Grace ? left : _context.Grace);
        }
        else if (_places.Count == 0)
        {
            // The last one had left, and the process died before it wrote the end.
            _mailbox.Post(() => EndAsync(EndReason.LastLeft, null));
        }
    }

    private async Task<Reply<T>> AskAsync<T>(Func<Task<Reply<T>>> command)
    {
        try
        {
            return await _mailbox.AskAsync(() =>
                _ended is not null ? Task.FromResult(WhyOver.As<T>())
                : _stopping ? Task.FromResult(Refusal.ServerUnavailable.As<T>())
                : command());
        }
        catch (ChannelClosedException)
        {
            return WhyOver.As<T>();
        }
        catch (Exception e)
        {
            // The records failed, or we erred. Either way nothing was changed, and the next command finds the meeting sound.
            Log.CommandFailed(_context.Logger, e, Id);
            return Refusal.ServerUnavailable.As<T>();
        }
    }

    private Task<Reply<T>> AskPlaceAsync<T>(IParticipantLink link, Func<Place, Task<Reply<T>>> command) => AskAsync(() =>
        _places.Find(place => place.Link == link) is { } place ? command(place) : Task.FromResult(Refusal.NotJoined.As<T>()));

    private void Tell(string name, object? argument, Place? except = null)
    {
        foreach (var place in _places)
        {
            if (place != except) place.Link?.Send(name, argument);
        }
    }

    /// <summary>For what must go on although it could not be written: the next start sets the record right.</summary>
    private async Task<bool> TryRecordAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception e)
        {
            Log.RecordFailed(_context.Logger, e, Id);
            return false;
        }
    }

    private ProtocolError WhyOver =>
        _ended is { } ended ? new ProtocolError(ErrorCodes.MeetingEnded, ended.Message) : Refusal.ServerUnavailable;

    private MeetingSummary Summarize() => new(
        _identity.Id,
        _identity.Title,
        _identity.CreatedBy,
        _identity.StartedAt,
        _places.Count,
        _context.Options.Limits.ParticipantsPerMeeting);

    private MeetingSnapshot Snapshot() => new(
        _identity.Id,
        _identity.Title,
        _identity.CreatedBy,
        _identity.StartedAt,
        [.. _places.Select(place => place.Seen)],
        _chat.Snapshot(),
        _mode);
}
