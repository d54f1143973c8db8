using Parley.Media.Stun;

namespace Parley.Media.Ice;

/// <summary>
/// A lite ICE agent (RFC 8445 §2.5): it answers the remote side's connectivity checks, never sends its own, and is always the
/// controlled one (§6.1.1). For one thread at a time. Allocates nothing per request.
/// </summary>
public sealed class IceLiteAgent
{
    /// <summary>How long the remote side has from the agent's making to the first nomination.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After how much silence the selected address counts as disconnected. Consent is checked every 4–6 s (RFC 7675 §5.1;
    /// Chromium about every 2.5 s) and need not be resent: one lost check alone must not show, so it is two and a bit.
    /// </summary>
    public static readonly TimeSpan DisconnectedAfter = TimeSpan.FromSeconds(13);

    /// <summary>How long a check lets us send to its address (RFC 7675 §5.1).</summary>
    public static readonly TimeSpan ConsentLifetime = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer to a request.</summary>
    public const int MaxResponseLength = BindingAnswer.MaxLength;

    private readonly ValidatedAddresses _validated = new();
    private readonly long[] _counts = new long[(int)IceRequestResult.Ended + 1];
    private IceLiteGeneration _current;

    /// <summary>After a restart the credentials of the selected address, until the new ones have selected one; else null.</summary>
    private IceLiteGeneration? _previous;

    /// <summary>Whether a restart waits for its first nomination.</summary>
    private bool _restarting;

    /// <summary>When the current credentials began to wait for a nomination.</summary>
    private TimeSpan _began;

    private TimeSpan _lastSelectedCheck;

    /// <param name="local">The credentials in our SDP.</param>
    /// <param name="now">The time, from any origin.</param>
    public IceLiteAgent(IceCredentials local, TimeSpan now)
    {
        _current = new IceLiteGeneration(local);
        _began = now;
    }

    /// <summary>Our credentials, as our last description names them.</summary>
    public IceCredentials Local => _current.Local;

    /// <summary>
    /// After a restart our credentials of before, as long as checks with them count: until the new ones have selected an address
    /// or the old address has lost its consent. Else null.
    /// </summary>
    public IceCredentials? Previous => _previous?.Local;

    /// <summary>Where the agent stands.</summary>
    public IceState State { get; private set; } = IceState.New;

    /// <summary>Why it stands there.</summary>
    public IceStateReason StateReason { get; private set; } = IceStateReason.Created;

    /// <summary>Where to send: the address nominated last, or null before the first nomination and after the end.</summary>
    public TransportAddress? Selected { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> has something to do; MaxValue for never.</summary>
    public TimeSpan NextDeadline => State switch
    {
        IceState.New => _began + ConnectTimeout,
        IceState.Connected => _lastSelectedCheck + DisconnectedAfter,
        IceState.Disconnected => _lastSelectedCheck + ConsentLifetime,
        _ => TimeSpan.MaxValue,
    };

    /// <summary>
    /// Takes the remote side's credentials. Checks that come before the remote description are answered all the same
    /// (RFC 8445 §7.3): our own password makes them authentic.
    /// </summary>
    public void SetRemote(IceCredentials remote) => _current.SetRemote(remote);

    /// <summary>
    /// Restarts ICE (RFC 8445 §9): new credentials on both sides. The selected address stays, and checks with the credentials it
    /// was selected by go on keeping its consent, until the first nomination with the new ones. An agent that has failed waits
    /// for a nomination again; one that was closed stays closed.
    /// </summary>
    /// <param name="local">Our new credentials, which the answer names.</param>
    /// <param name="remote">The remote side's new ones.</param>
    /// <param name="now">The time.</param>
    public void Restart(IceCredentials local, IceCredentials remote, TimeSpan now)
    {
        if (State == IceState.Closed)
        {
            return;
        }

        HandleTimeout(now);

        // What was restarted before it had selected anything is worth nothing now; what selected the address lives on.
        _previous = Selected is null ? null : _previous ?? _current;
        _current = new IceLiteGeneration(local);
        _current.SetRemote(remote);
        _restarting = true;
        _began = now;
        if (State == IceState.Failed)
        {
            Transition(IceState.New, IceStateReason.Restarted);
        }
    }

    /// <summary>
    /// Whether an authentic check came from the address, not longer ago than <see cref="ConsentLifetime"/>: other packets are
    /// taken from, and answers sent to, such addresses only.
    /// </summary>
    public bool IsValidated(TransportAddress address) => _validated.Contains(address);

    /// <summary>How many requests ended so.</summary>
    public long CountOf(IceRequestResult result) => _counts[(int)result];

    /// <summary>Handles a STUN datagram that was routed here.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="now">The time.</param>
    /// <param name="response">Where to write the answer: <see cref="MaxResponseLength"/> bytes.</param>
    /// <param name="responseLength">
    /// The answer's length, 0 for none. Send it to <paramref name="from"/>. To an unauthenticated sender it is never longer
    /// than the request, so a forged source address gains nothing.
    /// </param>
    public IceRequestResult HandleRequest(
        ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now, Span<byte> response, out int responseLength)
    {
        if (response.Length < MaxResponseLength)
        {
            throw new ArgumentException("An answer may need more room.", nameof(response));
        }

        // So that a late check after a late timer is judged as it would have been on time.
        HandleTimeout(now);
        var result = Handle(datagram, from, now, response, out responseLength);
        _counts[(int)result]++;
        return result;
    }

    /// <summary>Moves to Disconnected or Failed when it is time; harmless when it is not.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        _validated.Expire(now - ConsentLifetime);
        if (State == IceState.Connected && now >= _lastSelectedCheck + DisconnectedAfter)
        {
            Transition(IceState.Disconnected, IceStateReason.ChecksLate);
        }

        var consentEnd = _lastSelectedCheck + ConsentLifetime;
        if (State == IceState.Disconnected && now >= consentEnd)
        {
            // The restart's own time is not over because the way it shall replace is.
            var goesOn = _restarting && consentEnd < _began + ConnectTimeout;
            Transition(goesOn ? IceState.New : IceState.Failed, IceStateReason.ConsentExpired);
        }

        if (State == IceState.New && now >= _began + ConnectTimeout)
        {
            Transition(IceState.Failed, IceStateReason.NeverConnected);
        }
    }

    /// <summary>
    /// The TCP connection of this address has ended, so nothing can come from or go to it. A selected one is no longer: the remote side
    /// has the rest of the consent's time to nominate another, which over TCP mostly is a new connection (RFC 6544 §7).
    /// </summary>
    public void HandleClosed(TransportAddress address)
    {
        _validated.Remove(address);
        if (Selected != address)
        {
            return;
        }

        Selected = null;
        if (State == IceState.Connected)
        {
            Transition(IceState.Disconnected, IceStateReason.PathClosed);
        }
    }

    /// <summary>Ends it: nothing is answered and nothing valid any more.</summary>
    public void Close() => Transition(IceState.Closed, IceStateReason.ClosedByUs);

    private IceRequestResult Handle(
        ReadOnlySpan<byte> datagram, TransportAddress from, TimeSpan now, Span<byte> response, out int responseLength)
    {
        responseLength = 0;
        if (State is IceState.Failed or IceState.Closed)
        {
            return IceRequestResult.Ended;
        }

        if (StunMessage.TryParse(datagram, out var request) != StunParseResult.Ok)
        {
            return IceRequestResult.Malformed;
        }

        if (request.Class != StunClass.Request || request.Method != StunMethod.Binding)
        {
            return IceRequestResult.NotARequest;
        }

        if (!request.HasIntegrity || !request.TryGetUsername(out var username))
        {
            responseLength = BindingAnswer.Refuse(request, 400, datagram.Length, response);
            return IceRequestResult.BadRequest;
        }

        if (FindGeneration(username) is not { } generation)
        {
            responseLength = BindingAnswer.Refuse(request, 401, datagram.Length, response);
            return IceRequestResult.WrongUsername;
        }

        if (!generation.Verifies(request))
        {
            return IceRequestResult.WrongIntegrity;
        }

        responseLength = BindingAnswer.UnknownAttributes(request, generation.Key, response);
        if (responseLength > 0)
        {
            return IceRequestResult.UnknownAttribute;
        }

        // We are lite, so the remote side is full and controls, whatever tie-breaker it sends (RFC 8445 §6.1.1).
        if (request.IceControlled is not null)
        {
            responseLength = BindingAnswer.RoleConflict(request, generation.Key, response);
            return IceRequestResult.RoleConflict;
        }

        Accept(generation, from, request.UseCandidate, now);
        responseLength = BindingAnswer.Success(request, from, generation.Key, response);
        return IceRequestResult.Success;
    }

    private IceLiteGeneration? FindGeneration(ReadOnlySpan<byte> username) =>
        _current.Accepts(username) ? _current : _previous?.Accepts(username) == true ? _previous : null;

    /// <summary>
    /// Follows the nomination that came last. To a lite agent browsers nominate regularly (RFC 8445 §8.1.1), so a new one
    /// means that they moved; waiting for a higher priority would hold a telephone to the Wi-Fi it walked away from.
    /// </summary>
    private void Accept(IceLiteGeneration generation, TransportAddress from, bool nominated, TimeSpan now)
    {
        var reason = State == IceState.New ? IceStateReason.Nominated : IceStateReason.ChecksResumed;
        if (nominated)
        {
            Selected = from;

            // The new credentials have selected: the old ones are over (RFC 8445 §9).
            if (_restarting && generation == _current)
            {
                _restarting = false;
                _previous = null;
                reason = IceStateReason.Nominated;
            }
        }

        _validated.Touch(from, Selected, now);
        if (Selected != from)
        {
            return;
        }

        _lastSelectedCheck = now;
        if (State != IceState.Connected)
        {
            Transition(IceState.Connected, reason);
        }
    }

    /// <summary>The one place where the state changes.</summary>
    private void Transition(IceState to, IceStateReason reason)
    {
        if (State is IceState.Closed || State == to)
        {
            return;
        }

        State = to;
        StateReason = reason;
        if (to is IceState.New or IceState.Failed or IceState.Closed)
        {
            Selected = null;
            _previous = null;
        }

        if (to is IceState.Failed or IceState.Closed)
        {
            _validated.Clear();
        }
    }
}
