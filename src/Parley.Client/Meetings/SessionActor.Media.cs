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

    /// <summary>How long the server's own addresses are tried alone.</summary>
    private static readonly TimeSpan DirectPatience = TimeSpan.FromSeconds(4);

    /// <summary>How long names of relays may take.</summary>
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(5);

    private volatile IMediaLeg? _leg;
    private bool _isAnswered;

    /// <summary>Carried over a rejoin: the server may have lost it meanwhile without our knowing.</summary>
    private bool _isKept;

    private bool _isWaitingForLast;

    /// <summary>A restart of ICE is wished for, or under way.</summary>
    private bool _restartWished;
    private bool _isRestarting;

    /// <summary>The server's relays, and whether its own addresses were tried in vain.</summary>
    private IReadOnlyList<IceServer> _relays = [];
    private bool _needsRelays;
    private ITimer? _relayTimer;

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
            if (_restartWished || _isRestarting) Restart(leg);
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
                _context.Server, Now.Meeting.Id, Now.ParticipantId, Now.Limits, _context.Options, _context.Time, _context.Logs)
            {
                Relays = _needsRelays ? _relays : [],
            });
            leg.RestartWanted += () => _mailbox.Post(() => Restart(leg));
            leg.Failed += why => _mailbox.Post(() => OnLegFailed(leg, why));
            leg.CameraFailed += why => _mailbox.Post(() => Events.Write(new CameraFailed(why)));
            (_leg, _isAnswered, _isKept, _connectedAt, _restartWished, _isRestarting) = (leg, false, false, null, false, false);
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
                WatchReach(leg);
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

    /// <summary>The path is no longer good: another is looked for, and all else of the leg goes on (RFC 8445 §9).</summary>
    private void Restart(IMediaLeg leg)
    {
        if (_over || leg != _leg || !_isAnswered) return;
        _restartWished = true;
        if (Now.State != SessionState.Joined || _isRestarting) return;
        (_restartWished, _isRestarting) = (false, true);
        try
        {
            if (leg.CreateRestartOffer() is { } sdp) _ = RestartAsync(leg, _link!, sdp);
        }
        catch (Exception e)
        {
            OnLegThrew(e);
        }
    }

    private async Task RestartAsync(IMediaLeg leg, IHubLink link, string sdp)
    {
        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, _context.Time);
            var reply = await link.CallAsync<SessionDescriptionMessage>("offer", [new SessionDescriptionMessage(sdp)], patience.Token).ConfigureAwait(false);
            _mailbox.Post(() => OnRestarted(leg, reply));
        }
        catch (Exception)
        {
            _mailbox.Post(() => OnClosed(link));
        }
    }

    private void OnRestarted(IMediaLeg leg, Reply<SessionDescriptionMessage> reply)
    {
        if (_over || leg != _leg) return;
        _isRestarting = false;
        try
        {
            if (reply is not { Error: null, Value.Sdp: { Length: > 0 } sdp }) throw Refusals.Of(reply.Error);
            leg.ApplyAnswer(sdp);
            if (_restartWished) Restart(leg);
        }
        catch (Exception e)
        {
            // What cannot be restarted can be made anew.
            RetryLeg(e is ParleyException ? e.Message : "The media connection could not be restarted.", TimeSpan.Zero);
        }
    }

    /// <summary>The server's own addresses come first; its relays when they have not worked for 4 s (protocol.md §5).</summary>
    private void WatchReach(IMediaLeg leg)
    {
        _relayTimer?.Dispose();
        if (_needsRelays || _relays.Count == 0) return;
        _relayTimer = After(DirectPatience, () =>
        {
            if (_over || leg != _leg || _connectedAt is not null) return;
            RetryLeg("The server cannot be reached directly: its relay is tried.", TimeSpan.Zero);
        });
    }

    private void UseRelays(IReadOnlyList<Protocol.IceServer> servers)
    {
        if (servers.Count > 0) _ = ResolveRelaysAsync(servers);
    }

    private async Task ResolveRelaysAsync(IReadOnlyList<Protocol.IceServer> servers)
    {
        var found = await IceServerUrls.ResolveAsync(servers, relays: true, NamePatience, _context.Time).ConfigureAwait(false);
        _mailbox.Post(() =>
        {
            _relays = [.. found.Where(server => server.IsTurn)];
            if (!_over && _leg is { } leg && _isAnswered && _connectedAt is null) WatchReach(leg);
        });
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

        if (changed.State == MediaConnectionState.Connected)
        {
            _connectedAt ??= _context.Time.GetTimestamp();
            ReportPath();
        }

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
        _needsRelays |= _connectedAt is null;
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
        _relayTimer?.Dispose();
        if (_leg is not { } leg) return;
        (_leg, _isAnswered, _connectedAt) = (null, false, null);
        ForgetView();
        _disposing = DisposeAsync(leg, _disposing);
    }

    private async Task DisposeAsync(IAsyncDisposable leg, Task before)
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
