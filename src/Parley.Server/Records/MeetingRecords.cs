using Microsoft.EntityFrameworkCore;
using Parley.Protocol;
using Parley.Server.Files;
using Parley.Server.Webhooks;

namespace Parley.Server.Records;

/// <summary>
/// <see cref="IMeetingRecords"/> over a database. Usable between <see cref="Initialize"/> and disposal,
/// which writes what still waits. Any call may throw <see cref="RecordsUnavailableException"/>; a call that contradicts
/// what is kept (a meeting or place that is not there, a second open place) throws <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed class MeetingRecords(IRecordStore store, FileStore files, ILogger<MeetingRecords> logger) : IMeetingRecords, IRecordTables, IAsyncDisposable
{
    private readonly RecordReader _reader = new(store);
    private RecordWriter? _writer;

    public event Action? Told;

    /// <summary>Takes the database, checks it and brings it up to date. Once, before anything else.</summary>
    /// <exception cref="RecordsUnavailableException">The database is in use, away, damaged, foreign or newer.</exception>
    public void Initialize()
    {
        if (_writer is not null)
        {
            throw new InvalidOperationException("The meeting records are open already.");
        }
        store.Open();
        _writer = new RecordWriter(store, logger);
        Log.Opened(logger, store.Name);
    }

    public Task MeetingCreatedAsync(string meetingId, string title, string createdBy, byte[] creatorSecretHash, DateTimeOffset at, MeetingRules? rules = null)
    {
        rules ??= MeetingRules.Open;
        var row = new MeetingRow
        {
            Id = meetingId,
            Title = title,
            CreatedBy = createdBy,
            CreatorSecretHash = creatorSecretHash,
            StartedAt = at,
            MayChat = rules.Rights.Chat,
            MayUnmute = rules.Rights.Mic,
            MayUseCamera = rules.Rights.Camera,
            MayShareScreen = rules.Rights.Screen,
            MayRename = rules.Rights.Rename,
            Locked = rules.Locked,
            Lobby = rules.Lobby,
            PasscodeHash = rules.PasscodeHash,
            Capacity = rules.Capacity,
            NotBefore = rules.NotBefore,
            ExpiresAt = rules.ExpiresAt,
            Lasting = rules.Lasting,
            TokenOnly = rules.TokenOnly,
        };
        return TellAsync(db =>
        {
            db.Meetings.Add(row);
            Tell(db, WebhookEvents.MeetingStarted, meetingId, at, new MeetingStartedData(meetingId, title, createdBy, at));
        });
    }

    public Task ParticipantJoinedAsync(
        string meetingId, string participantId, string name, Role role, byte[] resumeTokenHash, DateTimeOffset at, bool nameGiven = false, byte[]? bearerHash = null) =>
        TellAsync(db =>
        {
            Require(db.Meetings.Any(m => m.Id == meetingId && m.EndedAt == null), $"meeting '{meetingId}' is not open");
            db.Stays.Add(new StayRow
            {
                MeetingId = meetingId,
                ParticipantId = participantId,
                Name = name,
                Role = role,
                NameGiven = nameGiven,
                ResumeTokenHash = resumeTokenHash,
                BearerHash = bearerHash,
                JoinedAt = at,
            });
            Tell(db, WebhookEvents.ParticipantJoined, meetingId, at, new ParticipantJoinedData(meetingId, participantId, name, role, at));
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

    public Task ParticipantLeftAsync(
        string meetingId, string participantId, LeaveReason reason, DateTimeOffset at, MeetingChange? then = null) =>
        TellAsync(db =>
        {
            var rows = Leave(db, meetingId, OpenStays(db, meetingId).Where(s => s.ParticipantId == participantId), reason, at);

            // Having left already is no error: the end of the meeting may have been kept first.
            Require(
                rows == 1 || db.Stays.Any(s => s.MeetingId == meetingId && s.ParticipantId == participantId),
                $"participant '{participantId}' was never in meeting '{meetingId}'");
            if (then is not null)
            {
                Change(db, meetingId, then);
            }
        });

    public Task ChangedAsync(string meetingId, MeetingChange change) => WriteAsync(db =>
    {
        Require(db.Meetings.Any(m => m.Id == meetingId && m.EndedAt == null), $"meeting '{meetingId}' is not open");
        Change(db, meetingId, change);
    });

    public Task ChatAddedAsync(string meetingId, ChatMessage message, string clientId) => WriteAsync(db =>
    {
        if (db.Chat.Any(c => c.MeetingId == meetingId && c.ParticipantId == message.ParticipantId && c.ClientId == clientId))
        {
            return;
        }
        db.Chat.Add(ChatRow.Of(meetingId, message, clientId));
    });

    public async Task ChatDeletedAsync(string meetingId, string messageId, ChatDeletion deletion, HostAction? action)
    {
        string? file = null;
        await WriteAsync(db =>
        {
            var message = db.Chat.Where(c => c.MeetingId == meetingId && c.MessageId == messageId);
            file = message.Select(c => c.FileId).SingleOrDefault();
            var rows = message.ExecuteUpdate(chat => chat
                .SetProperty(c => c.Text, "")
                .SetProperty(c => c.FileId, (string?)null)
                .SetProperty(c => c.FileName, (string?)null)
                .SetProperty(c => c.FileType, (string?)null)
                .SetProperty(c => c.FileSize, 0)
                .SetProperty(c => c.DeletedAt, deletion.At)
                .SetProperty(c => c.DeletedById, deletion.By.ParticipantId)
                .SetProperty(c => c.DeletedBy, deletion.By.Name)
                .SetProperty(c => c.DeletedByHost, deletion.ByHost));
            Require(rows == 1, $"there is no message '{messageId}' in meeting '{meetingId}'");
            db.Reactions.Where(r => r.MeetingId == meetingId && r.MessageId == messageId).ExecuteDelete();
            if (action is not null)
            {
                Change(db, meetingId, new MeetingChange([], [action]));
            }
        }).ConfigureAwait(false);

        // After the row: a file without one is swept away at the start, a row without its file would promise it.
        if (file is not null)
        {
            files.Delete(meetingId, file);
        }
    }

    public Task ChatReactedAsync(string meetingId, ChatReacted reaction) => WriteAsync(db =>
    {
        var there = db.Reactions.Where(r => r.MeetingId == meetingId
            && r.MessageId == reaction.MessageId
            && r.ParticipantId == reaction.By.ParticipantId
            && r.Emoji == reaction.Emoji);
        if (!reaction.On)
        {
            there.ExecuteDelete();
        }
        else if (!there.Any())
        {
            Require(
                db.Chat.Any(c => c.MeetingId == meetingId && c.MessageId == reaction.MessageId && c.DeletedAt == null),
                $"there is no message '{reaction.MessageId}' in meeting '{meetingId}'");
            db.Reactions.Add(new ChatReactionRow
            {
                MeetingId = meetingId,
                MessageId = reaction.MessageId,
                ParticipantId = reaction.By.ParticipantId,
                Name = reaction.By.Name,
                Emoji = reaction.Emoji,
            });
        }
    });

    public Task ModeChangedAsync(string meetingId, ModeChange change) => TellAsync(db =>
    {
        var rows = db.Meetings.Where(m => m.Id == meetingId && m.EndedAt == null)
            .ExecuteUpdate(meeting => meeting.SetProperty(m => m.Mode, change.Mode));
        Require(rows == 1, $"meeting '{meetingId}' is not open");
        db.Modes.Add(new ModeRow { MeetingId = meetingId, Mode = change.Mode, Reason = change.Reason, At = change.At });
        Tell(db, WebhookEvents.ModeChanged, meetingId, change.At, new ModeChangedData(meetingId, change.Mode, change.Reason, change.At));
    });

    public Task MeetingEndedAsync(string meetingId, EndReason reason, string? endedBy, DateTimeOffset at) => TellAsync(db =>
    {
        var rows = db.Meetings.Where(m => m.Id == meetingId && m.EndedAt == null).ExecuteUpdate(meeting => meeting
            .SetProperty(m => m.EndedAt, at)
            .SetProperty(m => m.EndReason, reason)
            .SetProperty(m => m.EndedBy, endedBy));
        Require(rows == 1 || db.Meetings.Any(m => m.Id == meetingId), $"there is no meeting '{meetingId}'");

        // Nobody is in a meeting that has ended, whatever happens to the process before their leaving is told.
        Leave(db, meetingId, OpenStays(db, meetingId), ReasonOf(reason), at);
        if (rows == 1) Tell(db, WebhookEvents.MeetingEnded, meetingId, at, new MeetingEndedData(meetingId, at, reason, endedBy));
    });

    public Task TouchAsync() => WriteAsync(store.Touch);

    public async Task DeleteAsync(string meetingId)
    {
        await DeleteRowsAsync(meetingId).ConfigureAwait(false);
        await PurgeAsync().ConfigureAwait(false);
    }

    public async Task<int> DeleteEndedBeforeAsync(DateTimeOffset end, CancellationToken cancellation)
    {
        var ids = await _reader.ListEndedBeforeAsync(end, cancellation).ConfigureAwait(false);
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            await DeleteRowsAsync(id).ConfigureAwait(false);
        }
        if (ids.Count > 0)
        {
            await PurgeAsync().ConfigureAwait(false);
        }
        return ids.Count;
    }

    /// <summary>On a thread that may block, and not on the writer's: others go on writing meanwhile.</summary>
    public Task PurgeAsync() => Task.Run(store.Purge);

    public Task<RecordOwner?> ReadOwnerAsync(string meetingId, CancellationToken cancellation) =>
        _reader.ReadOwnerAsync(meetingId, cancellation);

    public Task<MeetingRecord?> ReadAsync(string meetingId, CancellationToken cancellation) =>
        _reader.ReadAsync(meetingId, [], cancellation);

    public Task<MeetingRecord?> ReadAsync(string meetingId, IReadOnlyCollection<string> readers, CancellationToken cancellation) =>
        _reader.ReadAsync(meetingId, readers, cancellation);

    public Task<ChatMessage?> ReadChatAsync(string meetingId, string messageId, CancellationToken cancellation) =>
        _reader.ReadMessageAsync(meetingId, c => c.MessageId == messageId, cancellation);

    public Task<ChatPage?> ReadChatBeforeAsync(string meetingId, string messageId, string reader, int limit, CancellationToken cancellation) =>
        _reader.ReadChatBeforeAsync(meetingId, messageId, reader, limit, cancellation);

    public Task<ChatMessage?> ReadFileAsync(string meetingId, string fileId, CancellationToken cancellation) =>
        _reader.ReadMessageAsync(meetingId, c => c.FileId == fileId, cancellation);

    public Task<IReadOnlySet<string>> ReadFilesAsync(string meetingId, CancellationToken cancellation) =>
        _reader.ReadFilesAsync(meetingId, cancellation);

    public Task<MeetingAccess?> ReadAccessAsync(string meetingId, CancellationToken cancellation) =>
        _reader.ReadAccessAsync(meetingId, cancellation);

    public Task<IReadOnlyList<MeetingRecordSummary>> ListAsync(DateTimeOffset? before, int limit, bool withClosed, CancellationToken cancellation) =>
        _reader.ListAsync(before, limit, withClosed, cancellation);

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

    public Task<T> ReadAsync<T>(Func<RecordsContext, Task<T>> read) => _reader.SnapshotAsync(read, CancellationToken.None);

    public Task WriteAsync(Action<RecordsContext> apply) =>
        (_writer ?? throw new InvalidOperationException("The meeting records are used before they were opened.")).WriteAsync(apply);

    /// <summary>The same, for what webhooks may tell of.</summary>
    private async Task TellAsync(Action<RecordsContext> apply)
    {
        await WriteAsync(apply).ConfigureAwait(false);
        Told?.Invoke();
    }

    private static void Change(RecordsContext db, string meetingId, MeetingChange change)
    {
        if (change.Rules is { } rules)
        {
            db.Meetings.Where(m => m.Id == meetingId).ExecuteUpdate(meeting => meeting
                .SetProperty(m => m.MayChat, rules.Rights.Chat)
                .SetProperty(m => m.MayUnmute, rules.Rights.Mic)
                .SetProperty(m => m.MayUseCamera, rules.Rights.Camera)
                .SetProperty(m => m.MayShareScreen, rules.Rights.Screen)
                .SetProperty(m => m.MayRename, rules.Rights.Rename)
                .SetProperty(m => m.Locked, rules.Locked)
                .SetProperty(m => m.Lobby, rules.Lobby)
                .SetProperty(m => m.JoinTone, rules.JoinTone)
                .SetProperty(m => m.PasscodeHash, rules.PasscodeHash));
        }
        foreach (var place in change.Places)
        {
            OpenStays(db, meetingId).Where(s => s.ParticipantId == place.ParticipantId).ExecuteUpdate(stay => stay
                .SetProperty(s => s.Name, place.Name)
                .SetProperty(s => s.Role, place.Role)
                .SetProperty(s => s.Mic, place.Media.Mic)
                .SetProperty(s => s.Cam, place.Media.Cam)
                .SetProperty(s => s.HandRaisedAt, place.HandRaisedAt));
        }
        db.Actions.AddRange(change.Actions.Select(action => new HostActionRow
        {
            MeetingId = meetingId,
            Action = action.Action,
            At = action.At,
            ById = action.ById,
            By = action.By,
            TargetId = action.TargetId,
            Target = action.Target,
            Detail = action.Detail,
        }));
    }

    private async Task DeleteRowsAsync(string meetingId)
    {
        var more = true;
        while (more)
        {
            await WriteAsync(db => more = RecordDeletion.DeletePiece(db, meetingId)).ConfigureAwait(false);
        }
        files.DeleteAll(meetingId);
    }

    private static IQueryable<StayRow> OpenStays(RecordsContext db, string meetingId) =>
        db.Stays.Where(s => s.MeetingId == meetingId && s.LeftAt == null);

    private static int Leave(RecordsContext db, string meetingId, IQueryable<StayRow> stays, LeaveReason reason, DateTimeOffset at)
    {
        foreach (var stay in stays.OrderBy(s => s.Key).Select(s => new { s.ParticipantId, s.Name, s.JoinedAt }).ToList())
        {
            Tell(db, WebhookEvents.ParticipantLeft, meetingId, at, new ParticipantLeftData(
                meetingId, stay.ParticipantId, stay.Name, reason, stay.JoinedAt, at, Math.Max(0, (at - stay.JoinedAt).TotalSeconds)));
        }

        return stays.ExecuteUpdate(stay => stay
            .SetProperty(s => s.LeftAt, at)
            .SetProperty(s => s.LeaveReason, reason));
    }

    private static void Tell<T>(RecordsContext db, string type, string meetingId, DateTimeOffset at, T data) =>
        WebhookOutbox.Add(db, type, meetingId, at, data);

    private static LeaveReason ReasonOf(EndReason reason) => reason switch
    {
        EndReason.Cancelled => LeaveReason.Cancelled,
        EndReason.Expired => LeaveReason.Expired,
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
