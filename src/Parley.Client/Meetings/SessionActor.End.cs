using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>The end.</summary>
internal sealed partial class SessionActor
{
    /// <summary>How long a farewell may take: without it the place ends by its grace.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    /// <summary>A media connection that does not end by then is left to itself.</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    /// <summary>Connections on their way out.</summary>
    private Task _closing = Task.CompletedTask;

    /// <summary>Gives the place up. Done when connections and media are closed, or have had their time.</summary>
    public async Task LeaveAsync()
    {
        _mailbox.Post(() => End(SessionEndReason.Left, "You have left the meeting."));
        await _mailbox.Completion.ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_closing, _attempting, _disposing).WaitAsync(ClosePatience, _context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They had their time; what is left of them ends by itself.
        }
    }

    private void End(SessionEndReason reason, string message)
    {
        if (_over) return;
        _over = true;
        var isInside = _model.Now is { State: SessionState.Joined };
        foreach (var timer in new[] { _retryTimer, _patienceTimer, _legTimer, _viewTimer, _relayTimer, _reportTimer }) timer?.Dispose();
        _generation++;
        if (_early is null && _link is { } link) Close(link, isInside && reason == SessionEndReason.Left);
        // An attempt under way says farewell itself, should it get in.
        else _attemptPatience?.CancelAfter(_isOpen ? FarewellPatience : TimeSpan.Zero);
        (_link, _early) = (null, null);
        DropLeg();
        DropPeerLink();
        if (_context.EndMedia is { } endMedia) _disposing = EndMediaAsync(endMedia, _disposing);
        if (_model.Now is not null)
        {
            Log.Ended(_log, _context.MeetingId, reason);
            _model.End(reason, message);
        }

        _calls.FailAll(call => call.SucceedsByEnd(reason) ? null : WhyOver());
        EndView();
        Events.Complete();
        _mailbox.Complete();
    }

    /// <summary>Sources and sinks are let go of when the last connection has.</summary>
    private async Task EndMediaAsync(Func<ValueTask> end, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await end().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.LegFailed(_log, e, _context.MeetingId, e.Message);
        }
    }

    private void Close(IHubLink link, bool isInside)
    {
        var farewell = SayFarewellAsync(link, isInside);
        _closing = _closing.IsCompleted ? farewell : Task.WhenAll(_closing, farewell);
    }

    private async Task SayFarewellAsync(IHubLink link, bool isInside)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (isInside)
        {
            try
            {
                using var patience = new CancellationTokenSource(FarewellPatience, _context.Time);
                await link.CallAsync<bool>("leave", [], patience.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The server is away: the place ends by its grace.
            }
        }

        await link.DisposeAsync().ConfigureAwait(false);
    }

    private ParleyException WhyOver() => _model.Now?.End switch
    {
        { Reason: SessionEndReason.MeetingEnded, Message: var message } => new ParleyException(ParleyError.Refused, message, ErrorCodes.MeetingEnded),
        { Reason: SessionEndReason.Left } => new ParleyException(ParleyError.Refused, "You have left this meeting.", ErrorCodes.NotJoined),
        { Message: var message } => new ParleyException(ParleyError.Lost, message),
        null => new ParleyException(ParleyError.Lost, "The session is over."),
    };
}
