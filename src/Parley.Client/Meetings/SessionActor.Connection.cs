using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>Joining, and joining again.</summary>
internal sealed partial class SessionActor
{
    /// <summary>Longest wait for one attempt to connect and join.</summary>
    private static readonly TimeSpan AttemptPatience = TimeSpan.FromSeconds(10);

    /// <summary>A connection that lasted this long was a good one: the schedule starts again from its beginning.</summary>
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(5);

    private const int LongestToken = 1_000;
    private const int MostEarlyEvents = 10_000;
    private const string LostMessage = "The connection to the server is lost; trying to come back.";

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rises with each connection, so that what an old one still says is not believed.</summary>
    private int _generation;

    private IHubLink? _link;

    /// <summary>Events that overtake the reply of the join belong after its snapshot: they wait here until it is in.</summary>
    private List<HubEvent>? _early;

    /// <summary>The end of the connection has overtaken the reply of its join.</summary>
    private bool _isClosedEarly;

    private string? _token;
    private int _attempt;
    private long _joinedAt;
    private ITimer? _retryTimer;
    private ITimer? _patienceTimer;
    private Task _attempting = Task.CompletedTask;
    private CancellationTokenSource? _attemptPatience;

    /// <summary>The attempt under way has asked to be let in, or may have.</summary>
    private volatile bool _isOpen;

    /// <summary>Joins for the first time, in one attempt.</summary>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        _mailbox.Post(Connect);
        await using var registration = cancellation.UnsafeRegister(
            (_, token) => _mailbox.Post(() =>
            {
                if (_first.TrySetCanceled(token)) End(SessionEndReason.Left, "");
            }),
            null).ConfigureAwait(false);
        await _first.Task.ConfigureAwait(false);
    }

    private void Connect()
    {
        if (_over) return;
        var generation = ++_generation;
        var link = _context.Connect(new Listener(this, generation));
        var options = _context.Options;
        var request = new JoinRequest(
            _context.MeetingId, options.Name, _token, options.CreatorSecret, _wanted, OwnAbilities, OwnLinkId, options.Passcode);
        (_link, _early, _isClosedEarly, _isWaiting) = (link, [], false, false);
        var patience = new CancellationTokenSource(AttemptPatience, _context.Time);
        (_attemptPatience, _isOpen) = (patience, false);
        _attempting = AttemptAsync(generation, link, request, patience);
    }

    private async Task AttemptAsync(int generation, IHubLink link, JoinRequest request, CancellationTokenSource patience)
    {
        // Away from the mailbox, which must not wait for what a connection does before it first waits.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await link.OpenAsync(patience.Token).ConfigureAwait(false);
            _isOpen = true;
            var reply = await link.CallAsync<Joined>("join", [request], patience.Token).ConfigureAwait(false);
            var isKept = _mailbox.Post(() =>
            {
                if (generation == _generation && !_over) OnJoinReply(link, reply);
                else Close(link, reply.Value is not null);
            });
            if (!isKept) await SayFarewellAsync(link, reply.Value is not null).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isKept = _mailbox.Post(() =>
            {
                if (generation == _generation && !_over) OnAttemptFailed(e);
                else Close(link, isInside: false);
            });
            if (!isKept) await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void OnJoinReply(IHubLink link, Reply<Joined> reply)
    {
        if (reply is { Error: null, Value: { } joined } && joined.ResumeToken.Length is > 0 and <= LongestToken && MeetingModel.IsSound(joined))
        {
            Admit(link, joined);
            return;
        }

        if (reply.Error?.Code == ErrorCodes.Waiting)
        {
            Wait(Refusals.Words(reply.Error));
            return;
        }

        DropLink();
        var refusal = Refusals.Of(reply.Error);
        if (_model.Now is null)
        {
            _first.TrySetException(refusal);
            End(SessionEndReason.Lost, refusal.Message);
        }
        else if (reply.Error is null || refusal.Code is ErrorCodes.RateLimited or ErrorCodes.ServerFull or ErrorCodes.ServerUnavailable)
        {
            // The server may think otherwise in a moment.
            ScheduleRetry(refusal.Code == ErrorCodes.RateLimited ? RetrySchedule.Told(refusal.Message) : TimeSpan.Zero);
        }
        else
        {
            var reason = refusal.Code switch
            {
                ErrorCodes.MeetingEnded => SessionEndReason.MeetingEnded,
                ErrorCodes.Removed or ErrorCodes.Barred => SessionEndReason.Removed,
                _ => SessionEndReason.Lost,
            };
            End(reason, refusal.Message);
        }
    }

    private void OnAttemptFailed(Exception why)
    {
        DropLink();
        if (_model.Now is null)
        {
            var explained = _context.Explain(why);
            _first.TrySetException(explained);
            End(SessionEndReason.Lost, explained.Message);
            return;
        }

        Log.AttemptFailed(_log, why, _context.MeetingId, _attempt);
        ScheduleRetry(TimeSpan.Zero);
    }

    private void Admit(IHubLink link, Joined joined)
    {
        var early = _early!;
        var before = _model.Now;
        EndAttempt();
        (_token, _joinedAt) = (joined.ResumeToken, _context.Time.GetTimestamp());
        _patienceTimer?.Dispose();
        _patienceTimer = null;
        Log.Joined(_log, _context.MeetingId, joined.ParticipantId, joined.Resumed);

        var missed = _model.Join(joined);
        if (before is not null)
        {
            if (!joined.Resumed) SettleChat(missed, before.ParticipantId);
            Events.Write(new Reconnected(joined.Resumed));
        }

        // The server keeps the devices of a resumed place, so that nobody is unmuted by a reconnect; what is on its way still counts.
        if (_mediaCalls == 0) _wanted = Now.Media;
        ResumeLink(joined.Resumed);
        foreach (var told in early) OnEvent(told);
        if (_over) return;
        _calls.Resume(link);
        UseRelays(joined.IceServers);
        ResumeMedia(joined.Resumed && before is not null);
        ReportPath();
        _first.TrySetResult();
        if (_isClosedEarly) Lose();
    }

    /// <summary>
    /// A line that was written before the connection was lost, under a place that is lost as well: the server knows no repeats
    /// across places, so the snapshot tells.
    /// </summary>
    private void SettleChat(IReadOnlyList<ChatMessage> missed, string oldId)
    {
        var own = missed.Where(message => message.ParticipantId == oldId).ToList();
        _calls.Settle<ChatMessage>(call =>
        {
            if (own.Find(message => call.Tag is { } text && IsSameText(message.Text, text)) is not { } message) return false;
            own.Remove(message);
            call.Accept(message);
            return true;
        });
    }

    private void OnClosed(int generation)
    {
        if (generation != _generation) return;
        // An attempt that is still under way fails by itself, unless its reply came just before.
        if (_isWaiting) StopWaiting();
        else if (_early is null) Lose();
        else _isClosedEarly = true;
    }

    private void OnClosed(IHubLink link)
    {
        if (link == _link) OnClosed(_generation);
    }

    private void Lose()
    {
        if (_over || Now.State != SessionState.Joined) return;
        Log.Lost(_log, _context.MeetingId);
        if (_context.Time.GetElapsedTime(_joinedAt) >= SteadyAfter) _attempt = 0;
        DropLink();
        _calls.Pause();
        PauseView();
        PauseLink();
        _model.Lose(LostMessage);
        _patienceTimer = After(_context.Options.Patience, () =>
        {
            if (!_over && Now.State == SessionState.Reconnecting) End(SessionEndReason.Lost, "The server did not come back in time.");
        });
        ScheduleRetry(TimeSpan.Zero);
    }

    private void ScheduleRetry(TimeSpan atLeast)
    {
        var generation = _generation;
        var wait = RetrySchedule.Hub(_attempt++, _context.NextRandom);
        _retryTimer?.Dispose();
        _retryTimer = After(wait > atLeast ? wait : atLeast, () =>
        {
            if (generation == _generation) Connect();
        });
    }

    private void DropLink()
    {
        _generation++;
        if (_link is { } link) Close(link, isInside: false);
        _link = null;
        EndAttempt();
    }

    private void EndAttempt()
    {
        _early = null;
        _attemptPatience?.Dispose();
        _attemptPatience = null;
    }

    private static bool IsSameText(string said, string typed)
    {
        static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Plain(said) == Plain(typed);
    }

    private sealed class Listener(SessionActor session, int generation) : IHubEvents
    {
        public void OnEvent(HubEvent told) => session._mailbox.Post(() => session.Hear(generation, told));

        public void OnClosed() => session._mailbox.Post(() => session.OnClosed(generation));
    }

    private void Hear(int generation, HubEvent told)
    {
        if (_over || generation != _generation) return;
        if (_isWaiting) OnAnswer(told);
        else if (_early is null) OnEvent(told);
        else if (_early.Count < MostEarlyEvents) _early.Add(told);
        else OnAttemptFailed(new InvalidDataException("The server tells of a meeting that it does not let us into."));
    }
}
