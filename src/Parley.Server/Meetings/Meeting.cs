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
    private Alarm? _unused;
    private Alarm? _expiry;
    private SpeakersChanged? _speakers;
    private bool _stopping;
    private volatile MeetingSummary _summary;
    private volatile MeetingEnded? _ended;

    private Meeting(MeetingIdentity identity, MeetingRules rules, MeetingContext context, Action<Meeting> onEnded)
    {
        _identity = identity;
        _rules = rules;
        _context = context;
        _onEnded = onEnded;
        _chat = new ChatLog(Math.Max(RecordReader.UnfinishedChat, context.Options.Limits.ChatHistory));
        _files = new FileRoom(context.Options.Files);
        _summary = Summarize();
        _mode = new ModeState(MeetingMode.Server, ModePin.Auto, ModeReason.Started, context.Now);
        _mailbox = new Mailbox(fault => Log.CommandFailed(context.Logger, fault, identity.Id));
        _mediaEvents = new MediaEventInbox(() => _mailbox.Post(TellMediaEvents));
        context.Metrics.Meetings.Add(1);
    }

    public string Id => _identity.Id;

    /// <summary>The meeting as the list shows it; may be read from anywhere.</summary>
    public MeetingSummary Summary => _summary;

    /// <summary>It does not end when the last one leaves.</summary>
    public bool IsLasting => _rules.Lasting;

    /// <summary>Why it is over, or null; may be read from anywhere.</summary>
    public MeetingEnded? Ended => _ended;

    /// <summary>A new meeting, already on disk. It ends by itself when nobody joins it in time.</summary>
    public static Meeting Open(MeetingIdentity identity, MeetingRules rules, MeetingContext context, Action<Meeting> onEnded)
    {
        var meeting = new Meeting(identity, rules, context, onEnded);
        meeting.WaitForFirst(meeting.Begins + context.UnusedFor);
        meeting.WaitForExpiry();
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
        var meeting = new Meeting(identity, kept.Rules, context, onEnded);
        meeting.Restore(kept, used);
        meeting.WaitForExpiry();
        return meeting;
    }

    /// <summary>The process stops: nothing is ended or told, everything is on disk already.</summary>
    public void BeginStop() => _mailbox.Post(() =>
    {
        _stopping = true;
        foreach (var place in _places) place.StopGrace();
        StopWaiting();
        StopMode();
        CloseMedia();
        _mailbox.Complete();
        return Task.CompletedTask;
    });

    /// <summary>Done when the commands before <see cref="BeginStop"/> are.</summary>
    public Task Stopped => _mailbox.Completion;

    /// <summary>When people are expected.</summary>
    private DateTimeOffset Begins => _rules.NotBefore is { } begins && begins > _identity.StartedAt ? begins : _identity.StartedAt;

    private void WaitForFirst(DateTimeOffset until)
    {
        if (_rules.Lasting) return;
        _unused = Alarm.Set(
            _context.Time, until, () => _mailbox.Post(() => _unused is null ? Task.CompletedTask : EndAsync(EndReason.Unused, null)));
    }

    private void WaitForExpiry()
    {
        if (_rules.ExpiresAt is { } at) _expiry = Alarm.Set(_context.Time, at, () => _mailbox.Post(() => EndAsync(EndReason.Expired, null)));
    }

    private void StopWaiting()
    {
        _unused?.Dispose();
        _expiry?.Dispose();
        _lobby.Clear();
    }

    /// <summary>Before the first command, so that none finds a meeting half restored.</summary>
    private void Restore(UnfinishedMeeting kept, bool used)
    {
        foreach (var message in kept.Chat) _chat.Add(message.Message, message.ClientId);
        _chat.IsPartial = kept.Chat.Count == RecordReader.UnfinishedChat;
        _files.Add(kept.Files, kept.FileBytes);
        foreach (var removed in kept.Removed) _removed.Add(removed);
        foreach (var (state, tokenHash, joinedAt, bearerHash) in kept.Places)
        {
            var place = new Place(state, tokenHash, joinedAt, bearerHash);
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
            WaitForFirst(Later(Begins + _context.UnusedFor, _context.Now + _context.Grace));
        }
        else if (_places.Count == 0 && !_rules.Lasting)
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
        FindPlace(link) is { } place ? command(place) : Task.FromResult(Refusal.NotJoined.As<T>()));

    private Place? FindPlace(IParticipantLink link) => _places.Find(place => place.Link == link);

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
        Capacity,
        _rules.Locked,
        _rules.Lobby,
        _rules.PasscodeHash is not null,
        _rules.Lasting,
        _rules.NotBefore,
        _rules.ExpiresAt,
        _rules.TokenOnly);

    private MeetingSnapshot SnapshotFor(Place place)
    {
        var chat = _chat.NewestFor(place.Id, _context.Options.Limits.ChatHistory);
        return new(
            _identity.Id,
            _identity.Title,
            _identity.CreatedBy,
            _identity.StartedAt,
            _rules.ExpiresAt,
            Settings,
            [.. _places.Select(other => other.Seen)],
            chat.Messages,
            _mode,
            chat.Older);
    }
}
