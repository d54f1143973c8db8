using System.Collections.Concurrent;
using Parley.Protocol;
using Parley.Server.Records;

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
        if (MeetingPlan.WhyNot(request, limits, context.Now) is { } wrong) return wrong.As<MeetingCreated>();
        if (request.Lasting && _open.Values.Count(meeting => meeting.IsLasting) >= limits.LastingMeetings)
            return Refusal.LastingFull(limits.LastingMeetings).As<MeetingCreated>();
        if (!_ready) return (context.IsDraining ? Refusal.ServerStopping : Refusal.ServerUnavailable).As<MeetingCreated>();
        if (Interlocked.Increment(ref _count) > limits.Meetings)
        {
            Interlocked.Decrement(ref _count);
            return Refusal.ServerFull(limits.Meetings).As<MeetingCreated>();
        }

        try
        {
            return new Reply<MeetingCreated>(await CreateAsync(title, createdBy, MeetingPlan.RulesOf(request, context.Options), cancellation), null);
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
                ? meeting.WhyOverForStrangers(ended).As<Meeting>()
                : new Reply<Meeting>(meeting, null);
        }

        if (_ended.Find(known) is { } why) return why.As<Meeting>();
        try
        {
            var record = await context.Records.ReadAsync(known, cancellation);
            if (record?.EndedAt is null) return Refusal.MeetingUnknown.As<Meeting>();
            // Of a closed meeting strangers learn no name.
            var isClosed = (await context.Records.ReadAccessAsync(known, cancellation))?.IsClosed != false;
            return Refusal.MeetingEnded(record.EndReason, isClosed ? null : record.EndedBy).As<Meeting>();
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

    public void Forget(string id) => _ended.Remove(id);

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

    /// <summary>
    /// Before the stop, for as long as is set: nobody new is taken, which a load balancer sees by the server's not being ready, and who
    /// is inside goes on.
    /// </summary>
    public Task DrainAsync()
    {
        _ready = false;
        context.IsDraining = true;
        Log.Draining(context.Logger, context.Options.Grace.DrainSeconds);
        return Task.Delay(context.Drain, context.Time);
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

    private async Task<MeetingCreated> CreateAsync(string title, string createdBy, MeetingRules rules, CancellationToken cancellation)
    {
        var id = await NewIdAsync(cancellation);
        var secret = Secret.Create();
        var identity = new MeetingIdentity(id, title, createdBy, Secret.Hash(secret), context.Now);
        await context.Records.MeetingCreatedAsync(id, title, createdBy, identity.CreatorSecretHash, identity.StartedAt, rules);
        var meeting = Meeting.Open(identity, rules, context, Forget);
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
        _ended.Add(meeting.Id, meeting.WhyOverForStrangers(meeting.Ended!));
        Remove(meeting);
    }

    private void Remove(Meeting meeting)
    {
        if (_open.TryRemove(meeting.Id, out _)) Interlocked.Decrement(ref _count);
    }
}
