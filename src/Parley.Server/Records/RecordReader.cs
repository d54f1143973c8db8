using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>The read side: each call sees one moment of the database and never waits for the writer.</summary>
internal sealed class RecordReader(SqliteStore store)
{
    /// <summary>Chat that comes back with an open meeting: what a snapshot holds (protocol.md §4).</summary>
    public const int UnfinishedChat = 500;

    public Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation) => SnapshotAsync<MeetingRecord?>(
        async db =>
        {
            var meeting = await db.Meetings.SingleOrDefaultAsync(m => m.Id == meetingId, cancellation).ConfigureAwait(false);
            if (meeting is null)
            {
                return null;
            }
            var attendance = await db.Stays.Where(s => s.MeetingId == meetingId).OrderBy(s => s.Key)
                .Select(s => new Attendance(s.ParticipantId, s.Name, s.JoinedAt, s.LeftAt, s.LeaveReason))
                .ToListAsync(cancellation).ConfigureAwait(false);
            var modes = await db.Modes.Where(m => m.MeetingId == meetingId).OrderBy(m => m.Key)
                .Select(m => new ModeChange(m.Mode, m.Reason, m.At))
                .ToListAsync(cancellation).ConfigureAwait(false);
            var chat = await db.Chat.Where(c => c.MeetingId == meetingId).OrderBy(c => c.Key)
                .Select(c => new ChatMessage(c.MessageId, c.ParticipantId, c.Name, c.Text, c.SentAt))
                .ToListAsync(cancellation).ConfigureAwait(false);
            return new MeetingRecord(
                meeting.Id,
                meeting.Title,
                meeting.CreatedBy,
                meeting.StartedAt,
                meeting.EndedAt,
                meeting.EndReason,
                meeting.EndedBy,
                meeting.Mode,
                modes,
                attendance,
                chat);
        },
        cancellation);

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return SnapshotAsync<IReadOnlyList<MeetingRecordSummary>>(
            async db =>
            {
                var meetings = before is { } time ? db.Meetings.Where(m => m.StartedAt < time) : db.Meetings;
                var page = await Newest(meetings).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
                if (page.Count == limit)
                {
                    // The next page begins before this one's last time, so all of that millisecond belong to this page.
                    var last = page[^1];
                    var sameTime = db.Meetings.Where(m => m.StartedAt == last.StartedAt && string.Compare(m.Id, last.Id) < 0);
                    page.AddRange(await Newest(sameTime).ToListAsync(cancellation).ConfigureAwait(false));
                }
                return page;
            },
            cancellation);
    }

    public Task<IReadOnlyList<UnfinishedMeeting>> ReadUnfinishedAsync(CancellationToken cancellation) =>
        SnapshotAsync<IReadOnlyList<UnfinishedMeeting>>(
            async db =>
            {
                var open = await db.Meetings.Where(m => m.EndedAt == null).OrderBy(m => m.StartedAt).ThenBy(m => m.Id)
                    .ToListAsync(cancellation).ConfigureAwait(false);
                var unfinished = new List<UnfinishedMeeting>(open.Count);
                foreach (var meeting in open)
                {
                    unfinished.Add(await UnfinishedAsync(db, meeting, cancellation).ConfigureAwait(false));
                }
                return unfinished;
            },
            cancellation);

    private static IQueryable<MeetingRecordSummary> Newest(IQueryable<MeetingRow> meetings) =>
        meetings.OrderByDescending(m => m.StartedAt).ThenByDescending(m => m.Id).Select(m => new MeetingRecordSummary(
            m.Id,
            m.Title,
            m.CreatedBy,
            m.StartedAt,
            m.EndedAt,
            m.EndReason,
            m.Stays.Select(s => s.ParticipantId).Distinct().Count()));

    private static async Task<UnfinishedMeeting> UnfinishedAsync(RecordsContext db, MeetingRow meeting, CancellationToken cancellation)
    {
        var places = await db.Stays.Where(s => s.MeetingId == meeting.Id && s.LeftAt == null).OrderBy(s => s.Key)
            .Select(s => new UnfinishedPlace(
                s.ParticipantId, s.Name, s.IsCreator, s.ResumeTokenHash, new MediaState(s.Mic, s.Cam), s.JoinedAt))
            .ToListAsync(cancellation).ConfigureAwait(false);
        var chat = await db.Chat.Where(c => c.MeetingId == meeting.Id).OrderByDescending(c => c.Key).Take(UnfinishedChat)
            .Select(c => new KeptChatMessage(new ChatMessage(c.MessageId, c.ParticipantId, c.Name, c.Text, c.SentAt), c.ClientId))
            .ToListAsync(cancellation).ConfigureAwait(false);
        chat.Reverse();
        return new UnfinishedMeeting(
            meeting.Id, meeting.Title, meeting.CreatedBy, meeting.CreatorSecretHash, meeting.StartedAt, meeting.Mode, places, chat);
    }

    private async Task<T> SnapshotAsync<T>(Func<RecordsContext, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            var db = store.CreateContext();
            await using var _ = db.ConfigureAwait(false);
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            var transaction = await SqliteStore.BeginSnapshotAsync(db, cancellation).ConfigureAwait(false);
            await using var __ = transaction.ConfigureAwait(false);
            return await read(db).ConfigureAwait(false);
        }
        catch (Exception e) when (store.Unavailable(e) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
