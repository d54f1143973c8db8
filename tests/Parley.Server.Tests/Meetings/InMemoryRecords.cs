using Parley.Protocol;
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

    public Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at) =>
        WriteAsync(meetingId, () => _meetings.Add(meetingId, new Kept(meetingId, title, createdBy, creatorSecretHash, at)));

    public Task ParticipantJoinedAsync(
        string meetingId, string participantId, string name, bool isCreator, byte[] resumeTokenHash, DateTimeOffset at) =>
        WriteAsync(meetingId, () =>
        {
            if (Open(meetingId).Places.Any(place => place.Id == participantId && place.LeftAt is null)) throw new InvalidOperationException("twice");
            _meetings[meetingId].Places.Add(new KeptPlace(participantId, name, isCreator, resumeTokenHash, at));
        });

    public Task ParticipantUpdatedAsync(string meetingId, string participantId, byte[] resumeTokenHash, MediaState media) =>
        WriteAsync(meetingId, () =>
        {
            var place = Open(meetingId).Places.Single(place => place.Id == participantId && place.LeftAt is null);
            place.TokenHash = resumeTokenHash;
            place.Media = media;
        });

    public Task ParticipantLeftAsync(string meetingId, string participantId, LeaveReason reason, DateTimeOffset at) =>
        WriteAsync(meetingId, () => _meetings[meetingId].Places.Last(place => place.Id == participantId).Leave(reason, at));

    public Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId) =>
        WriteAsync(meetingId, () => Open(meetingId).Chat.Add(new KeptChatMessage(message, clientId)));

    public Task ModeChangedAsync(string meetingId, ModeChange change) =>
        WriteAsync(meetingId, () => Open(meetingId).Modes.Add(change));

    public Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at) =>
        WriteAsync(meetingId, () =>
        {
            var meeting = Open(meetingId);
            (meeting.EndedAt, meeting.EndReason, meeting.EndedBy) = (at, reason, endedBy);
            foreach (var place in meeting.Places) place.Leave(reason == EndReason.Cancelled ? LeaveReason.Cancelled : LeaveReason.ConnectionLost, at);
        });

    public Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Reads++;
            return Task.FromResult(_meetings.GetValueOrDefault(meetingId)?.Record);
        }
    }

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<MeetingRecordSummary>>([.. _meetings.Values
                .Where(meeting => before is null || meeting.StartedAt < before)
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

    private Kept Open(string meetingId) =>
        _meetings[meetingId] is { EndedAt: null } open ? open : throw new InvalidOperationException("The meeting has ended.");

    private sealed class KeptPlace(string id, string name, bool isCreator, byte[] tokenHash, DateTimeOffset joinedAt)
    {
        private LeaveReason? _reason;

        public string Id => id;

        public byte[] TokenHash { get; set; } = tokenHash;

        public MediaState Media { get; set; } = new(false, false);

        public DateTimeOffset? LeftAt { get; private set; }

        public Attendance Attendance => new(id, name, joinedAt, LeftAt, _reason);

        public UnfinishedPlace Unfinished => new(id, name, isCreator, TokenHash, Media, joinedAt);

        public void Leave(LeaveReason reason, DateTimeOffset at)
        {
            if (LeftAt is not null) return;
            (LeftAt, _reason) = (at, reason);
        }
    }

    private sealed class Kept(string id, string title, string createdBy, byte[] secretHash, DateTimeOffset startedAt)
    {
        public DateTimeOffset StartedAt => startedAt;

        public DateTimeOffset? EndedAt { get; set; }

        public EndReason? EndReason { get; set; }

        public string? EndedBy { get; set; }

        public List<ModeChange> Modes { get; } = [];

        public MeetingMode Mode => Modes.Count > 0 ? Modes[^1].Mode : MeetingMode.Server;

        public List<KeptPlace> Places { get; } = [];

        public List<KeptChatMessage> Chat { get; } = [];

        public MeetingRecord Record => new(
            id, title, createdBy, startedAt, EndedAt, EndReason, EndedBy, Mode, [.. Modes],
            [.. Places.Select(place => place.Attendance)], [.. Chat.Select(kept => kept.Message)]);

        public MeetingRecordSummary Summary => new(id, title, createdBy, startedAt, EndedAt, EndReason, Places.Count);

        public UnfinishedMeeting Unfinished => new(
            id, title, createdBy, secretHash, startedAt, Mode,
            [.. Places.Where(place => place.LeftAt is null).Select(place => place.Unfinished)], [.. Chat.TakeLast(500)]);
    }
}
