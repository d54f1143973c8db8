using System.Collections.Concurrent;
using Parley.Protocol;

namespace Parley.Server.Meetings;

/// <summary>The meetings of this process.</summary>
internal sealed class MeetingDirectory(MeetingContext context) : IMeetingDirectory
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Meeting> _open = new(StringComparer.Ordinal);
    private readonly EndedMeetings _ended = new();
    private volatile bool _ready;
    private int _count;

    public bool IsReady => _ready;

    public async Task<Reply<MeetingCreated>> CreateAsync(CreateMeeting request, CancellationToken cancellation)
    {
        var limits = context.Options.Limits;
        if (Text.Line(request.Title, limits.TitleLength) is not { } title)
            return Refusal.TitleInvalid(limits.TitleLength).As<MeetingCreated>();
        if (Text.Line(request.CreatedBy, limits.NameLength) is not { } createdBy)
            return Refusal.NameInvalid(limits.NameLength).As<MeetingCreated>();
        if (!_ready) return Refusal.ServerUnavailable.As<MeetingCreated>();
        if (Interlocked.Increment(ref _count) > limits.Meetings)
        {
            Interlocked.Decrement(ref _count);
            return Refusal.ServerFull(limits.Meetings).As<MeetingCreated>();
        }

        try
        {
            return new Reply<MeetingCreated>(await CreateAsync(title, createdBy, cancellation), null);
        }
        catch (Exception e)
        {
            Interlocked.Decrement(ref _count);
            if (e is OperationCanceledException && cancellation.IsCancellationRequested) throw;
            Log.CreateFailed(context.Logger, e);
            return Refusal.ServerUnavailable.As<MeetingCreated>();
        }
    }

    public async ValueTask<Reply<Meeting>> FindAsync(string? id, CancellationToken cancellation)
    {
        if (MeetingId.Normalize(id) is not { } known) return Refusal.MeetingUnknown.As<Meeting>();
        if (_open.TryGetValue(known, out var meeting))
        {
            return meeting.Ended is { } ended
                ? new ProtocolError(ErrorCodes.MeetingEnded, ended.Message).As<Meeting>()
                : new Reply<Meeting>(meeting, null);
        }

        if (_ended.Find(known) is { } why) return why.As<Meeting>();
        try
        {
            var record = await context.Records.ReadAsync(known, cancellation);
            var error = record?.EndedAt is null ? Refusal.MeetingUnknown : Refusal.MeetingEnded(record.EndReason, record.EndedBy);
            return error.As<Meeting>();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.RecordsUnreadable(context.Logger, e);
            return Refusal.ServerUnavailable.As<Meeting>();
        }
    }

    public IReadOnlyList<MeetingSummary> List() =>
    [
        .. _open.Values.Where(meeting => meeting.Ended is null)
            .Select(meeting => meeting.Summary)
            .OrderByDescending(summary => summary.StartedAt),
    ];

    /// <summary>Opens again what was open when the process last stopped, and from then on takes new meetings.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var unfinished = await context.Records.ReadUnfinishedAsync(cancellation);
        foreach (var kept in unfinished)
        {
            // Without a place and without a stay in the records, nobody has ever joined.
            var used = kept.Places.Count > 0 || (await context.Records.ReadAsync(kept.Id, cancellation))?.Attendance.Count > 0;
            Interlocked.Increment(ref _count);
            var meeting = Meeting.Reopen(kept, used, context, Forget);
            _open[kept.Id] = meeting;
            // One that ends at once may have done so before it was in the list.
            if (meeting.Ended is not null) Remove(meeting);
        }

        if (unfinished.Count > 0) Log.Reopened(context.Logger, unfinished.Count);
        _ready = true;
    }

    /// <summary>Takes no more meetings and lets the open ones finish what they have begun; they are not ended.</summary>
    public void BeginStop()
    {
        _ready = false;
        foreach (var meeting in _open.Values) meeting.BeginStop();
    }

    /// <summary>Waits, for a few seconds at most, until the open meetings have done so.</summary>
    public async Task StopAsync()
    {
        try
        {
            await Task.WhenAll(_open.Values.Select(meeting => meeting.Stopped)).WaitAsync(LongestStop, context.Time);
        }
        catch (TimeoutException)
        {
            // The store hangs. What it has not written was not acknowledged either.
            Log.StoppedUnderway(context.Logger);
        }
    }

    private async Task<MeetingCreated> CreateAsync(string title, string createdBy, CancellationToken cancellation)
    {
        var id = await NewIdAsync(cancellation);
        var secret = Secret.Create();
        var identity = new MeetingIdentity(id, title, createdBy, Secret.Hash(secret), context.Now);
        await context.Records.MeetingCreatedAsync(id, title, createdBy, identity.CreatorSecretHash, identity.StartedAt);
        var meeting = Meeting.Open(identity, context, Forget);
        _open[id] = meeting;
        Log.Created(context.Logger, id);
        return new MeetingCreated(id, secret, meeting.Summary);
    }

    private async Task<string> NewIdAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var id = MeetingId.Create();
            if (!_open.ContainsKey(id) && await context.Records.ReadAsync(id, cancellation) is null) return id;
        }
    }

    private void Forget(Meeting meeting)
    {
        _ended.Add(meeting.Id, new ProtocolError(ErrorCodes.MeetingEnded, meeting.Ended!.Message));
        Remove(meeting);
    }

    private void Remove(Meeting meeting)
    {
        if (_open.TryRemove(meeting.Id, out _)) Interlocked.Decrement(ref _count);
    }
}
