using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>The read side: each call sees one moment of the database and never waits for the writer.</summary>
internal sealed class RecordReader(IRecordStore store)
{
    /// <summary>Chat that comes back with an open meeting: enough for snapshots, and to know what a client sends again.</summary>
    public const int UnfinishedChat = 500;

    /// <summary>Tokens of removed participants that come back with an open meeting.</summary>
    public const int UnfinishedRemovals = 1000;

    public Task<MeetingRecord?> ReadAsync(string meetingId, IReadOnlyCollection<string> readers, CancellationToken cancellation) => SnapshotAsync<MeetingRecord?>(
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
            var chat = await db.ChatFor(meetingId, readers).OrderBy(c => c.Key).ToListAsync(cancellation).ConfigureAwait(false);
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
                await db.MessagesAsync(meetingId, chat, cancellation).ConfigureAwait(false));
        },
        cancellation);

    public Task<ChatMessage?> ReadMessageAsync(string meetingId, Expression<Func<ChatRow, bool>> which, CancellationToken cancellation) =>
        SnapshotAsync(
            async db =>
            {
                var row = await db.Chat.Where(c => c.MeetingId == meetingId).Where(which).ToListAsync(cancellation).ConfigureAwait(false);
                return (await db.MessagesAsync(meetingId, row, cancellation).ConfigureAwait(false)).SingleOrDefault();
            },
            cancellation);

    public Task<ChatPage?> ReadChatBeforeAsync(string meetingId, string messageId, string reader, int limit, CancellationToken cancellation) =>
        SnapshotAsync<ChatPage?>(
            async db =>
            {
                var chat = db.ChatFor(meetingId, [reader]);
                var before = await chat.Where(c => c.MessageId == messageId).Select(c => (long?)c.Key)
                    .SingleOrDefaultAsync(cancellation).ConfigureAwait(false);
                if (before is null)
                {
                    return null;
                }
                // One more than asked for tells whether there are more.
                var rows = await chat.Where(c => c.Key < before).OrderByDescending(c => c.Key).Take(limit + 1)
                    .ToListAsync(cancellation).ConfigureAwait(false);
                var older = rows.Count > limit;
                if (older)
                {
                    rows.RemoveAt(limit);
                }
                rows.Reverse();
                return new ChatPage(await db.MessagesAsync(meetingId, rows, cancellation).ConfigureAwait(false), older);
            },
            cancellation);

    public Task<IReadOnlySet<string>> ReadFilesAsync(string meetingId, CancellationToken cancellation) => SnapshotAsync<IReadOnlySet<string>>(
        async db => await db.Chat.Where(c => c.MeetingId == meetingId && c.FileId != null).Select(c => c.FileId!)
            .ToHashSetAsync(cancellation).ConfigureAwait(false),
        cancellation);

    public Task<MeetingAccess?> ReadAccessAsync(string meetingId, CancellationToken cancellation) => SnapshotAsync<MeetingAccess?>(
        async db =>
        {
            var meeting = await db.Meetings.SingleOrDefaultAsync(m => m.Id == meetingId, cancellation).ConfigureAwait(false);
            if (meeting is null)
            {
                return null;
            }
            var stays = await db.Stays
                .Where(s => s.MeetingId == meetingId && s.LeaveReason != LeaveReason.Removed && s.LeaveReason != LeaveReason.Barred)
                .Select(s => new { s.ParticipantId, s.ResumeTokenHash, IsHost = s.Role == Role.Host })
                .ToListAsync(cancellation).ConfigureAwait(false);
            var actions = await db.Actions.Where(a => a.MeetingId == meetingId).OrderBy(a => a.Key)
                .Select(a => new HostAction(a.Action, a.At, a.ById, a.By, a.TargetId, a.Target, a.Detail))
                .ToListAsync(cancellation).ConfigureAwait(false);
            return new MeetingAccess(
                meeting.CreatorSecretHash, meeting.Rules.IsClosed, [.. stays.Select(s => (s.ParticipantId, s.ResumeTokenHash, s.IsHost))], actions);
        },
        cancellation);

    public Task<RecordOwner?> ReadOwnerAsync(string meetingId, CancellationToken cancellation) => SnapshotAsync(
        db => db.Meetings.Where(m => m.Id == meetingId)
            .Select(m => new RecordOwner(m.CreatorSecretHash, m.EndedAt != null))
            .SingleOrDefaultAsync(cancellation),
        cancellation);

    public Task<List<string>> ListEndedBeforeAsync(DateTimeOffset end, CancellationToken cancellation) => SnapshotAsync(
        // What ended before also began before, and by the beginning there is an index.
        db => db.Meetings.Where(m => m.StartedAt < end && m.EndedAt < end).OrderBy(m => m.StartedAt).Select(m => m.Id).ToListAsync(cancellation),
        cancellation);

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, bool withClosed, CancellationToken cancellation) => SnapshotAsync(
        db => PageAsync(withClosed ? db.Meetings : db.Meetings.Where(m => !m.Lobby && !m.TokenOnly && m.PasscodeHash == null), before, limit, cancellation),
        cancellation);

    /// <summary>A page of <paramref name="meetings"/>, as <see cref="IMeetingRecords.ListAsync"/> says.</summary>
    public static async Task<IReadOnlyList<MeetingRecordSummary>> PageAsync(
        IQueryable<MeetingRow> meetings, DateTimeOffset? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var page = await Newest(before is { } time ? meetings.Where(m => m.StartedAt < time) : meetings).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
        if (page.Count == limit)
        {
            // The next page begins before this one's last time, so all of that millisecond belong to this page.
            var last = page[^1];
            var sameTime = meetings.Where(m => m.StartedAt == last.StartedAt && string.Compare(m.Id, last.Id) < 0);
            page.AddRange(await Newest(sameTime).ToListAsync(cancellation).ConfigureAwait(false));
        }
        return page;
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
                new PlaceState(s.ParticipantId, s.Name, s.Role, new MediaState(s.Mic, s.Cam, false), s.HandRaisedAt, s.NameGiven), s.ResumeTokenHash, s.JoinedAt, s.BearerHash))
            .ToListAsync(cancellation).ConfigureAwait(false);
        var removed = await db.Stays
            .Where(s => s.MeetingId == meeting.Id && (s.LeaveReason == LeaveReason.Removed || s.LeaveReason == LeaveReason.Barred))
            .OrderByDescending(s => s.Key).Take(UnfinishedRemovals)
            .Select(s => new RemovedPlace(s.ResumeTokenHash, s.LeaveReason == LeaveReason.Barred, s.BearerHash))
            .ToListAsync(cancellation).ConfigureAwait(false);
        var chat = await db.Chat.Where(c => c.MeetingId == meeting.Id).OrderByDescending(c => c.Key).Take(UnfinishedChat)
            .ToListAsync(cancellation).ConfigureAwait(false);
        chat.Reverse();
        var messages = await db.MessagesAsync(meeting.Id, chat, cancellation).ConfigureAwait(false);
        var files = db.Chat.Where(c => c.MeetingId == meeting.Id && c.FileId != null);
        removed.Reverse();
        return new UnfinishedMeeting(
            meeting.Id,
            meeting.Title,
            meeting.CreatedBy,
            meeting.CreatorSecretHash,
            meeting.StartedAt,
            meeting.Mode,
            meeting.Rules,
            places,
            removed,
            [.. messages.Zip(chat, (message, row) => new KeptChatMessage(message, row.ClientId))],
            await files.CountAsync(cancellation).ConfigureAwait(false),
            await files.SumAsync(c => c.FileSize, cancellation).ConfigureAwait(false));
    }

    /// <summary>A read that a restart of the database server broke off is made again: it changed nothing.</summary>
    public async Task<T> SnapshotAsync<T>(Func<RecordsContext, Task<T>> read, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var result = await ReadOnceAsync(read, cancellation).ConfigureAwait(false);
                store.Answered();
                return result;
            }
            catch (Exception e) when (store.Unavailable(e) is { } unavailable)
            {
                if (!await store.WaitForReturnAsync(e, tries, cancellation).ConfigureAwait(false)) throw unavailable;
            }
        }
    }

    private async Task<T> ReadOnceAsync<T>(Func<RecordsContext, Task<T>> read, CancellationToken cancellation)
    {
        var db = store.CreateContext();
        await using var _ = db.ConfigureAwait(false);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var transaction = await store.BeginSnapshotAsync(db, cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        return await read(db).ConfigureAwait(false);
    }
}
