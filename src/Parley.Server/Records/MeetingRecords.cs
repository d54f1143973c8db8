using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>
/// <see cref="IMeetingRecords"/> over a database in the data folder. Usable between <see cref="Initialize"/> and disposal,
/// which writes what still waits. Any call may throw <see cref="RecordsUnavailableException"/>; a call that contradicts
/// what is kept (a meeting or place that is not there, a second open place) throws <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed class MeetingRecords(SqliteStore store, ILogger<MeetingRecords> logger) : IMeetingRecords, IAsyncDisposable
{
    private readonly RecordReader _reader = new(store);
    private RecordWriter? _writer;

    /// <summary>Takes the data folder, checks the database and brings it up to date. Once, before anything else.</summary>
    /// <exception cref="RecordsUnavailableException">The folder is in use, or the database is damaged, foreign or newer.</exception>
    public void Initialize()
    {
        if (_writer is not null)
        {
            throw new InvalidOperationException("The meeting records are open already.");
        }
        store.Open();
        _writer = new RecordWriter(store, logger);
        Log.Opened(logger, store.File);
    }

    public Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at) =>
        WriteAsync(db => db.Meetings.Add(new MeetingRow
        {
            Id = meetingId,
            Title = title,
            CreatedBy = createdBy,
            CreatorSecretHash = creatorSecretHash,
            StartedAt = at,
        }));

    public Task ParticipantJoinedAsync(
        string meetingId, string participantId, string name, bool isCreator, byte[] resumeTokenHash, DateTimeOffset at) =>
        WriteAsync(db =>
        {
            Require(db.Meetings.Any(m => m.Id == meetingId && m.EndedAt == null), $"meeting '{meetingId}' is not open");
            db.Stays.Add(new StayRow
            {
                MeetingId = meetingId,
                ParticipantId = participantId,
                Name = name,
                IsCreator = isCreator,
                ResumeTokenHash = resumeTokenHash,
                JoinedAt = at,
            });
        });

    public Task ParticipantUpdatedAsync(string meetingId, string participantId, byte[] resumeTokenHash, MediaState media) =>
        WriteAsync(db =>
        {
            var rows = OpenStays(db, meetingId).Where(s => s.ParticipantId == participantId).ExecuteUpdate(stay => stay
                .SetProperty(s => s.ResumeTokenHash, resumeTokenHash)
                .SetProperty(s => s.Mic, media.Mic)
                .SetProperty(s => s.Cam, media.Cam));
            Require(rows == 1, $"participant '{participantId}' has no open place in meeting '{meetingId}'");
        });

    public Task ParticipantLeftAsync(string meetingId, string participantId, LeaveReason reason, DateTimeOffset at) =>
        WriteAsync(db =>
        {
            var rows = Leave(OpenStays(db, meetingId).Where(s => s.ParticipantId == participantId), reason, at);

            // Having left already is no error: the end of the meeting may have been kept first.
            Require(
                rows == 1 || db.Stays.Any(s => s.MeetingId == meetingId && s.ParticipantId == participantId),
                $"participant '{participantId}' was never in meeting '{meetingId}'");
        });

    public Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId) => WriteAsync(db =>
    {
        if (db.Chat.Any(c => c.MeetingId == meetingId && c.ParticipantId == message.ParticipantId && c.ClientId == clientId))
        {
            return;
        }
        db.Chat.Add(new ChatRow
        {
            MeetingId = meetingId,
            MessageId = message.Id,
            ParticipantId = message.ParticipantId,
            ClientId = clientId,
            Name = message.Name,
            Text = message.Text,
            SentAt = message.SentAt,
        });
    });

    public Task ModeChangedAsync(string meetingId, ModeChange change) => WriteAsync(db =>
    {
        var rows = db.Meetings.Where(m => m.Id == meetingId && m.EndedAt == null)
            .ExecuteUpdate(meeting => meeting.SetProperty(m => m.Mode, change.Mode));
        Require(rows == 1, $"meeting '{meetingId}' is not open");
        db.Modes.Add(new ModeRow { MeetingId = meetingId, Mode = change.Mode, Reason = change.Reason, At = change.At });
    });

    public Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at) => WriteAsync(db =>
    {
        var rows = db.Meetings.Where(m => m.Id == meetingId && m.EndedAt == null).ExecuteUpdate(meeting => meeting
            .SetProperty(m => m.EndedAt, at)
            .SetProperty(m => m.EndReason, reason)
            .SetProperty(m => m.EndedBy, endedBy));
        Require(rows == 1 || db.Meetings.Any(m => m.Id == meetingId), $"there is no meeting '{meetingId}'");

        // Nobody is in a meeting that has ended, whatever happens to the process before their leaving is told.
        Leave(OpenStays(db, meetingId), ReasonOf(reason), at);
    });

    public Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation) =>
        _reader.ReadAsync(meetingId, cancellation);

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(before, limit, cancellation);

    public Task<IReadOnlyList<UnfinishedMeeting>> ReadUnfinishedAsync(CancellationToken cancellation) =>
        _reader.ReadUnfinishedAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
        store.Dispose();
    }

    private Task WriteAsync(Action<RecordsContext> apply) =>
        (_writer ?? throw new InvalidOperationException("The meeting records are used before they were opened.")).WriteAsync(apply);

    private static IQueryable<StayRow> OpenStays(RecordsContext db, string meetingId) =>
        db.Stays.Where(s => s.MeetingId == meetingId && s.LeftAt == null);

    private static int Leave(IQueryable<StayRow> stays, LeaveReason reason, DateTimeOffset at) => stays.ExecuteUpdate(stay => stay
        .SetProperty(s => s.LeftAt, at)
        .SetProperty(s => s.LeaveReason, reason));

    private static LeaveReason ReasonOf(EndReason reason) => reason switch
    {
        EndReason.Cancelled => LeaveReason.Cancelled,
        EndReason.ServerStopped => LeaveReason.ServerStopped,
        _ => LeaveReason.ConnectionLost,
    };

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"A record contradicts what is kept: {otherwise}.");
        }
    }
}
