using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Output;
using SpeakersChanged = Parley.Client.Meetings.SpeakersChanged;

namespace Parley.Terminal.Join.Room;

/// <summary>The meeting as the screen and the plain lines tell it: what the events made of it so far. One thread.</summary>
/// <param name="title">As it came.</param>
/// <param name="startedAt">When it began.</param>
/// <param name="ownId">Our own participant.</param>
/// <param name="time">For the times of what happens.</param>
internal sealed class MeetingState(string title, DateTimeOffset startedAt, string ownId, TimeProvider time)
{
    private readonly List<Participant> _people = [];
    private readonly HashSet<string> _chatIds = [];
    private readonly Queue<string> _chatOrder = [];
    private readonly HashSet<string> _paused = [];
    private HashSet<string> _speaking = [];

    public string Title { get; } = title;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public string OwnId { get; private set; } = ownId;

    /// <summary>All who are there with us among them, in the order they came.</summary>
    public IReadOnlyList<Participant> People => _people;

    public Transcript Transcript { get; } = new();

    public string? Dominant { get; private set; }

    /// <summary>Null until it is known.</summary>
    public MediaConnectionState? Media { get; private set; }

    /// <summary>Whether the server is away.</summary>
    public bool IsReconnecting { get; private set; }

    /// <summary>Set by the last event.</summary>
    public SessionEnded? Ended { get; private set; }

    public bool IsSpeaking(string participantId) => _speaking.Contains(participantId);

    /// <summary>Whether their camera's picture is held back for now, for our network or the server.</summary>
    public bool IsPaused(string participantId) => _paused.Contains(participantId);

    public Participant? Find(string participantId) => _people.Find(person => person.Id == participantId);

    /// <summary>Takes a whole snapshot: at the join and after a reconnect.</summary>
    public void Sync(string ownId, IEnumerable<Participant> people)
    {
        OwnId = ownId;
        _people.Clear();
        _people.AddRange(people.OrderBy(person => person.JoinedAt).ThenBy(person => person.Id, StringComparer.Ordinal));
        _speaking.RemoveWhere(id => Find(id) is null);
        _paused.RemoveWhere(id => Find(id) is null);
    }

    /// <summary>Takes the chat there was before us.</summary>
    public void History(IEnumerable<ChatMessage> chat)
    {
        foreach (var message in chat) Add(message);
    }

    /// <summary>A sentence of our own for the transcript.</summary>
    public void Notice(string text) => Transcript.Add(new TranscriptEntry(time.GetUtcNow(), null, "", text));

    public void Apply(MeetingEvent happened)
    {
        switch (happened)
        {
            case ParticipantJoined(var who):
                if (Put(who) && who.Id != OwnId) Notice($"{who.Name} joined");
                break;
            case ParticipantChanged(var who):
                Change(who);
                break;
            case ParticipantGone(var who, var reason):
                if (_people.RemoveAll(person => person.Id == who.Id) > 0) Notice(Gone(who.Name, reason));
                _speaking.Remove(who.Id);
                _paused.Remove(who.Id);
                break;
            case ChatAdded(var message):
                Add(message);
                break;
            case ChatChanged({ Deleted: not null } message):
                Transcript.Replace(message.Id, Wording.Of(message));
                Notice($"A message of {message.Name} was deleted");
                break;
            case SignGiven(var who, var emoji):
                Notice($"{who.Name}: {emoji}");
                break;
            case SpeakersChanged(var speaking, var dominant):
                (_speaking, Dominant) = ([.. speaking], dominant);
                break;
            case PictureQualityChanged(var picture) when picture.Source == VideoSourceKind.Camera:
                if (picture.Level == SlotLevel.Paused) _paused.Add(picture.ParticipantId);
                else _paused.Remove(picture.ParticipantId);
                break;
            case MediaStateChanged(var state, var message):
                Change(state, message);
                break;
            case SourceSwitchedOff(var source, var by):
                Notice($"{by ?? "The server"} switched your {(source == MediaSource.Microphone ? "microphone" : source == MediaSource.Camera ? "camera" : "screen")} off");
                break;
            case UnmuteAsked(var by):
                Notice($"{by} asks you to unmute");
                break;
            case CameraFailed(var why):
                Notice(why);
                break;
            case Reconnecting(var message):
                IsReconnecting = true;
                Notice(message);
                break;
            case Reconnected(var resumed):
                IsReconnecting = false;
                Notice(resumed ? "The connection is back" : "Back in the meeting, on a new place");
                break;
            case SessionEnded ended:
                Ended = ended;
                break;
            default:
                break;
        }
    }

    private static string Gone(string name, LeaveReason reason) =>
        reason switch
        {
            LeaveReason.ConnectionLost => $"{name} is gone: the connection was lost",
            LeaveReason.Removed or LeaveReason.Barred => $"{name} was removed",
            _ => $"{name} left",
        };

    /// <returns>Whether they are new.</returns>
    private bool Put(Participant who)
    {
        var at = _people.FindIndex(person => person.Id == who.Id);
        if (at >= 0) _people[at] = who;
        else _people.Add(who);
        return at < 0;
    }

    private void Change(Participant who)
    {
        var before = Find(who.Id);
        Put(who);
        if (before is null || before.Presence == who.Presence || who.Id == OwnId) return;
        Notice(who.Presence == Presence.Reconnecting ? $"{who.Name} lost the connection and may come back" : $"{who.Name} is back");
    }

    private void Change(MediaConnectionState state, string? message)
    {
        var before = Media;
        Media = state;
        if (before == state) return;
        if (state == MediaConnectionState.Failed) Notice(message ?? "Sound and pictures cannot get through");
        else if (state == MediaConnectionState.Disconnected) Notice(message ?? "Sound and pictures are interrupted");
        else if (state == MediaConnectionState.Connected && before is MediaConnectionState.Failed or MediaConnectionState.Disconnected)
            Notice("Sound and pictures are back");
    }

    /// <summary>What came with the snapshot may come as an event too.</summary>
    private void Add(ChatMessage message)
    {
        if (!_chatIds.Add(message.Id)) return;
        _chatOrder.Enqueue(message.Id);
        if (_chatOrder.Count > Transcript.Kept) _chatIds.Remove(_chatOrder.Dequeue());
        Transcript.Add(new TranscriptEntry(message.SentAt, message.ParticipantId, Wording.AuthorOf(message), Wording.Of(message), message.Id));
    }
}
