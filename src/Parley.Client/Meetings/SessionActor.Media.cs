using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>
/// The media leg: made and offered after each join that found none working, and made anew when it has failed. There is at most
/// one: the next is made when the last has ended.
/// </summary>
internal sealed partial class SessionActor
{
    /// <summary>The server answers within 10 s or refuses.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);

    /// <summary>Connected for this long, the schedule starts again from its beginning.</summary>
    private static readonly TimeSpan LegSteadyAfter = TimeSpan.FromSeconds(10);

    private volatile IMediaLeg? _leg;
    private bool _isAnswered;

    /// <summary>Carried over a rejoin: the server may have lost it meanwhile without our knowing.</summary>
    private bool _isKept;

    private bool _isWaitingForLast;
    private int _legAttempt;
    private long? _connectedAt;
    private ITimer? _legTimer;

    /// <summary>The last leg on its way out; never faults.</summary>
    private Task _disposing = Task.CompletedTask;

    /// <summary>The media leg of this moment.</summary>
    public IMediaLeg? Leg => _leg;

    private void ResumeMedia(bool mayKeep)
    {
        if (mayKeep && _isAnswered && _leg is { } leg && IsAlive(leg))
        {
            _isKept = true;
            TellLeg(kept => kept.SetSending(_wanted.Mic, _wanted.Cam));
            RepeatView();
            return;
        }

        DropLeg();
        _legAttempt = 0;
        StartLeg();
    }

    private void StartLeg()
    {
        if (_context.CreateLeg is not { } create || _over || Now.State != SessionState.Joined || _leg is not null || _isWaitingForLast) return;
        _legTimer?.Dispose();
        if (!_disposing.IsCompleted)
        {
            // Sources and sinks are shared: the last leg must have let go of them.
            _isWaitingForLast = true;
            _ = ContinueAsync(_disposing);
            return;
        }

        _model.SetMediaConnection(MediaConnectionState.Connecting, null);
        try
        {
            var leg = create(new MediaLegContext(
                _context.Server, Now.Meeting.Id, Now.ParticipantId, Now.Limits, _context.Options, _context.Time, _context.Logs));
            leg.Failed += why => _mailbox.Post(() => OnLegFailed(leg, why));
            leg.CameraFailed += why => _mailbox.Post(() => Events.Write(new CameraFailed(why)));
            (_leg, _isAnswered, _isKept, _connectedAt) = (leg, false, false, null);
            leg.SetSending(_wanted.Mic, _wanted.Cam);
            _ = OfferAsync(leg, _link!, leg.CreateOffer());
        }
        catch (Exception e)
        {
            OnLegThrew(e);
        }
    }

    private async Task ContinueAsync(Task last)
    {
        await last.ConfigureAwait(false);
        _mailbox.Post(() =>
        {
            _isWaitingForLast = false;
            StartLeg();
        });
    }

    private async Task OfferAsync(IMediaLeg leg, IHubLink link, string sdp)
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, _context.Time);
            var reply = await link.CallAsync<SessionDescriptionMessage>("offer", [new SessionDescriptionMessage(sdp)], patience.Token).ConfigureAwait(false);
            _mailbox.Post(() => OnAnswer(leg, reply));
        }
        catch (Exception)
        {
            _mailbox.Post(() => OnClosed(link));
        }
    }

    private void OnAnswer(IMediaLeg leg, Reply<SessionDescriptionMessage> reply)
    {
        if (_over || leg != _leg) return;
        if (reply is { Error: null, Value.Sdp: { Length: > 0 } sdp })
        {
            try
            {
                leg.ApplyAnswer(sdp);
                _isAnswered = true;
                BeginView(leg.Slots);
            }
            catch (Exception e)
            {
                OnLegThrew(e);
            }

            return;
        }

        var refusal = Refusals.Of(reply.Error);
        if (refusal.Code == ErrorCodes.OfferInvalid) GiveUpLeg(refusal.Message);
        else RetryLeg(refusal.Message, refusal.Code == ErrorCodes.RateLimited ? RetrySchedule.Told(refusal.Message) : TimeSpan.Zero);
    }

    private void OnMediaConnection(MediaConnectionChanged changed)
    {
        // Before the answer it can only mean the leg that this one replaces.
        if (_leg is null || !_isAnswered) return;
        var message = changed.Message is null ? null : ServerText.Sentence(changed.Message, "");
        if (changed.State == MediaConnectionState.Failed)
        {
            RetryLeg(message ?? "The media connection failed.", TimeSpan.Zero);
            return;
        }

        if (changed.State == MediaConnectionState.Connected) _connectedAt ??= _context.Time.GetTimestamp();
        _model.SetMediaConnection(changed.State, message);
    }

    private void OnLegFailed(IMediaLeg leg, string why)
    {
        if (!_over && leg == _leg) RetryLeg(why, TimeSpan.Zero);
    }

    /// <summary>What the leg says of libraries, devices and files will not be otherwise the next time.</summary>
    private void OnLegThrew(Exception thrown)
    {
        Log.LegFailed(_log, thrown, _context.MeetingId, thrown.Message);
        if (thrown is ParleyException { Error: ParleyError.Media }) GiveUpLeg(thrown.Message);
        else RetryLeg(thrown is ParleyException ? thrown.Message : "The media connection could not be made.", TimeSpan.Zero);
    }

    private void GiveUpLeg(string why)
    {
        DropLeg();
        _model.SetMediaConnection(MediaConnectionState.Failed, why);
    }

    private void RetryLeg(string why, TimeSpan atLeast)
    {
        Log.LegFailed(_log, null, _context.MeetingId, why);
        if (_connectedAt is { } at && _context.Time.GetElapsedTime(at) >= LegSteadyAfter) _legAttempt = 0;
        GiveUpLeg(why);
        if (Now.State != SessionState.Joined) return;
        var wait = RetrySchedule.Leg(_legAttempt++, _context.NextRandom);
        _legTimer?.Dispose();
        _legTimer = After(wait > atLeast ? wait : atLeast, StartLeg);
    }

    private void DropLeg()
    {
        _legTimer?.Dispose();
        if (_leg is not { } leg) return;
        (_leg, _isAnswered, _connectedAt) = (null, false, null);
        ForgetView();
        _disposing = DisposeAsync(leg, _disposing);
    }

    private async Task DisposeAsync(IMediaLeg leg, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await leg.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.LegFailed(_log, e, _context.MeetingId, e.Message);
        }
    }

    private void TellLeg(Action<IMediaLeg> what)
    {
        if (_leg is not { } leg) return;
        try
        {
            what(leg);
        }
        catch (Exception e)
        {
            OnLegThrew(e);
        }
    }

    private static bool IsAlive(IMediaLeg leg)
    {
        try
        {
            return leg.IsAlive;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
