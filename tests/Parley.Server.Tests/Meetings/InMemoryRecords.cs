using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;

namespace Parley.Server.Tests.Meetings;

/// <summary>
/// Records that last as long as the test, which may hand them to a second server as if the first had died. Tests can make them
/// fail, or hold their writes.
/// </summary>
internal sealed class InMemoryRecords : IMeetingRecords
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kept> _meetings = [];

    /// <summary>Every write fails while this is set.</summary>
    public bool Failing { get; set; }

    /// <summary>Writes of a meeting for which this gives a task wait for it before they happen.</summary>
    public Func<string, Task?>? Hold { get; set; }

    public int Reads { get; private set; }

    public int Purges { get; private set; }

    public Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at, MeetingRules? rules = null) =>
        WriteAsync(meetingId, () => _meetings.Add(meetingId, new Kept(meetingId, title, createdBy, creatorSecretHash, at) { Rules = rules ?? MeetingRules.Open }));

    public Task ParticipantJoinedAsync(
        string meetingId, string participantId, string name, Role role, byte[] resumeTokenHash, DateTimeOffset at, bool nameGiven = false, byte[]? bearerHash = null) =>
        WriteAsync(meetingId, () =>
        {
            if (Open(meetingId).Places.Any(place => place.Id == participantId && place.LeftAt is null)) throw new InvalidOperationException("twice");
            _meetings[meetingId].Places.Add(new KeptPlace(new PlaceState(participantId, name, role, new MediaState(false, false)), resumeTokenHash, at, bearerHash));
        });

    public Task ParticipantUpdatedAsync(string meetingId, string participantId, byte[] resumeTokenHash, MediaState media) =>
        WriteAsync(meetingId, () =>
        {
            var place = Open(meetingId).Places.Single(place => place.Id == participantId && place.LeftAt is null);
            place.TokenHash = resumeTokenHash;
            place.State = place.State with { Media = media };
        });

    public Task ParticipantLeftAsync(string meetingId, string participantId, LeaveReason reason, DateTimeOffset at, MeetingChange? then = null) =>
        WriteAsync(meetingId, () =>
        {
            _meetings[meetingId].Places.Last(place => place.Id == participantId).Leave(reason, at);
            if (then is not null) Change(_meetings[meetingId], then);
        });

    public Task ChangedAsync(string meetingId, MeetingChange change) => WriteAsync(meetingId, () => Change(Open(meetingId), change));

    public Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId) =>
        WriteAsync(meetingId, () => Open(meetingId).Chat.Add(new KeptChatMessage(message, clientId)));

    public Task ChatDeletedAsync(string meetingId, string messageId, ChatDeletion deletion, HostAction? action) => WriteAsync(meetingId, () =>
    {
        Open(meetingId).Put(messageId, message => message.Without(deletion));
        if (action is not null) Open(meetingId).Actions.Add(action);
    });

    public Task ChatReactedAsync(string meetingId, ChatReacted reaction) => WriteAsync(meetingId, () =>
        Open(meetingId).Put(reaction.MessageId, message => message.With(reaction.Emoji, reaction.By, reaction.On) ?? message));

    public Task PurgeAsync()
    {
        Purges++;
        return Task.CompletedTask;
    }

    public Task ModeChangedAsync(string meetingId, ModeChange change) =>
        WriteAsync(meetingId, () => Open(meetingId).Modes.Add(change));

    public Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at) =>
        WriteAsync(meetingId, () =>
        {
            var meeting = Open(meetingId);
            (meeting.EndedAt, meeting.EndReason, meeting.EndedBy) = (at, reason, endedBy);
            foreach (var place in meeting.Places) place.Leave(reason == EndReason.Cancelled ? LeaveReason.Cancelled : LeaveReason.ConnectionLost, at);
        });

    public Task TouchAsync() => WriteAsync("", () => { });

    public Task DeleteAsync(string meetingId) => WriteAsync(meetingId, () => _meetings.Remove(meetingId));

    public async Task<int> DeleteEndedBeforeAsync(DateTimeOffset end, CancellationToken cancellation)
    {
        string[] old = [.. _meetings.Where(meeting => meeting.Value.EndedAt < end).Select(meeting => meeting.Key)];
        foreach (var id in old) await DeleteAsync(id);
        return old.Length;
    }

    public Task<RecordOwner?> ReadOwnerAsync(string meetingId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation) => ReadAsync(meetingId, [], cancellation);

    public Task<MeetingRecord?> ReadAsync(string meetingId, IReadOnlyCollection<string> readers, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reads++;
            var record = _meetings.GetValueOrDefault(meetingId)?.Record;
            return Task.FromResult(record is null
                ? null
                : record with { Chat = [.. record.Chat.Where(message => message.To is null || readers.Any(message.IsFor))] });
        }
    }

    public Task<ChatMessage?> ReadChatAsync(string meetingId, string messageId, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_meetings[meetingId].Chat.Find(kept => kept.Message.Id == messageId)?.Message);
    }

    public Task<ChatPage?> ReadChatBeforeAsync(string meetingId, string messageId, string reader, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            List<ChatMessage> seen = [.. _meetings[meetingId].Chat.Select(kept => kept.Message).Where(message => message.IsFor(reader))];
            var at = seen.FindIndex(message => message.Id == messageId);
            return Task.FromResult(at < 0 ? null : new ChatPage([.. seen.Take(at).TakeLast(limit)], at > limit));
        }
    }

    public Task<ChatMessage?> ReadFileAsync(string meetingId, string fileId, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_meetings[meetingId].Chat.Find(kept => kept.Message.File?.Id == fileId)?.Message);
    }

    public Task<IReadOnlySet<string>> ReadFilesAsync(string meetingId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<MeetingAccess?> ReadAccessAsync(string meetingId, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_meetings.GetValueOrDefault(meetingId)?.Access);
    }

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, bool withClosed, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<MeetingRecordSummary>>([.. _meetings.Values
                .Where(meeting => before is null || meeting.StartedAt < before)
                .Where(meeting => withClosed || !meeting.Rules.IsClosed)
                .OrderByDescending(meeting => meeting.StartedAt)
                .Take(limit)
                .Select(meeting => meeting.Summary)]);
        }
    }

    public Task<IReadOnlyList<UnfinishedMeeting>> ReadUnfinishedAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<UnfinishedMeeting>>([.. _meetings.Values.Where(m => m.EndedAt is null).Select(m => m.Unfinished)]);
        }
    }

    private async Task WriteAsync(string meetingId, Action write)
    {
        if (Hold?.Invoke(meetingId) is { } hold) await hold;
        if (Failing) throw new IOException("The disk is full.");
        lock (_lock) write();
    }

    private static void Change(Kept meeting, MeetingChange change)
    {
        meeting.Rules = change.Rules ?? meeting.Rules;
        meeting.Actions.AddRange(change.Actions);
        foreach (var state in change.Places)
        {
            if (meeting.Places.Find(place => place.Id == state.ParticipantId && place.LeftAt is null) is { } place) place.State = state;
        }
    }

    private Kept Open(string meetingId) =>
        _meetings[meetingId] is { EndedAt: null } open ? open : throw new InvalidOperationException("The meeting has ended.");

    private sealed class KeptPlace(PlaceState state, byte[] tokenHash, DateTimeOffset joinedAt, byte[]? bearerHash)
    {
        public PlaceState State { get; set; } = state;

        public string Id => State.ParticipantId;

        public LeaveReason? Reason { get; private set; }

        public byte[] TokenHash { get; set; } = tokenHash;

        public byte[]? BearerHash => bearerHash;

        public DateTimeOffset? LeftAt { get; private set; }

        public Attendance Attendance => new(Id, State.Name, joinedAt, LeftAt, Reason);

        public UnfinishedPlace Unfinished => new(State with { Media = State.Media with { Screen = false } }, TokenHash, joinedAt, BearerHash);

        public void Leave(LeaveReason reason, DateTimeOffset at)
        {
            if (LeftAt is not null) return;
            (LeftAt, Reason) = (at, reason);
        }
    }

    private sealed class Kept(string id, string title, string createdBy, byte[] secretHash, DateTimeOffset startedAt)
    {
        public DateTimeOffset StartedAt => startedAt;

        public DateTimeOffset? EndedAt { get; set; }

        public EndReason? EndReason { get; set; }

        public string? EndedBy { get; set; }

        public MeetingRules Rules { get; set; } = MeetingRules.Open;

        public List<HostAction> Actions { get; } = [];

        public List<ModeChange> Modes { get; } = [];

        public MeetingMode Mode => Modes.Count > 0 ? Modes[^1].Mode : MeetingMode.Server;

        public List<KeptPlace> Places { get; } = [];

        public List<KeptChatMessage> Chat { get; } = [];

        public MeetingRecord Record => new(
            id, title, createdBy, startedAt, EndedAt, EndReason, EndedBy, Mode, [.. Modes],
            [.. Places.Select(place => place.Attendance)], [.. Chat.Select(kept => kept.Message)]);

        public MeetingRecordSummary Summary => new(id, title, createdBy, startedAt, EndedAt, EndReason, Places.Count);

        public UnfinishedMeeting Unfinished => new(
            id, title, createdBy, secretHash, startedAt, Mode, Rules,
            [.. Places.Where(place => place.LeftAt is null).Select(place => place.Unfinished)],
            [.. Places.Where(place => place.Reason is LeaveReason.Removed or LeaveReason.Barred)
                .Select(place => new RemovedPlace(place.TokenHash, place.Reason == LeaveReason.Barred, place.BearerHash))],
            [.. Chat.TakeLast(500)],
            Chat.Count(kept => kept.Message.File is not null),
            Chat.Sum(kept => kept.Message.File?.Size ?? 0));

        public void Put(string messageId, Func<ChatMessage, ChatMessage> change)
        {
            var at = Chat.FindIndex(kept => kept.Message.Id == messageId);
            Chat[at] = Chat[at] with { Message = change(Chat[at].Message) };
        }

        public MeetingAccess Access =>
            new(
                secretHash,
                Rules.IsClosed,
                [.. Places.Where(place => place.Reason is not (LeaveReason.Removed or LeaveReason.Barred))
                    .Select(place => (place.Id, place.TokenHash, place.State.Role == Role.Host))],
                [.. Actions]);
    }
}
