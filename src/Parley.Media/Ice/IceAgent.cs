namespace Parley.Media.Ice;

/// <summary>
/// A full ICE agent (RFC 8445) for one component, trickling (RFC 8838), with consent (RFC 7675). Sans-IO: every call brings
/// the time, may send by the sink, and changes <see cref="NextDeadline"/>. For one thread at a time. Allocates nothing per
/// datagram and consent check once a pair is selected.
/// </summary>
/// <remarks>
/// A local base is a number that the caller gives: a socket or a relay. The agent knows nothing of sockets and TURN; it says
/// by which number to send and is told by which number something came. Times must not run backwards.
/// </remarks>
public sealed partial class IceAgent
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    private readonly IIceSink _sink;
    private readonly RandomSource _random;
    private readonly IceAgentOptions _options;
    private readonly IceLocalCandidates _locals = new();

    /// <summary>The generation whose pairs are checked; <see cref="_selected"/> may still be of the one before.</summary>
    private IceGeneration _current;

    private TimeSpan _now;

    /// <param name="role">
    /// Controlling for the offerer. Towards a lite peer it becomes controlling by itself, and a conflict is mended.
    /// </param>
    /// <param name="local">The credentials that our description carries.</param>
    /// <param name="sink">Where checks and answers go.</param>
    /// <param name="random">Where transaction ids and the tie-breaker come from: they must not be guessable.</param>
    /// <param name="now">The time, from any origin.</param>
    /// <param name="options">Times and bounds; the defaults suit a participant.</param>
    public IceAgent(
        IceRole role, IceCredentials local, IIceSink sink, RandomSource random, TimeSpan now, IceAgentOptions? options = null)
    {
        _options = options ?? new IceAgentOptions();
        _options.Validate();
        _sink = sink;
        _random = random;
        _now = now;
        Role = role;
        _tieBreaker = NewTieBreaker();
        _current = new IceGeneration(local, _options);
    }

    /// <summary>Our role; a conflict with the peer's may change it (RFC 8445 §7.3.1.1).</summary>
    public IceRole Role { get; private set; }

    /// <summary>Where the agent stands.</summary>
    public IceAgentState State { get; private set; } = IceAgentState.New;

    /// <summary>Why it stands there.</summary>
    public IceAgentStateReason StateReason { get; private set; } = IceAgentStateReason.Created;

    /// <summary>Our credentials: those of the latest <see cref="Restart"/>.</summary>
    public IceCredentials Local => _current.Local;

    /// <summary>Our candidates, with the peer-reflexive ones that answers made known (those need not be signalled).</summary>
    public IReadOnlyList<IceCandidate> LocalCandidates => _locals.Candidates;

    /// <summary>
    /// Grows whenever <see cref="State"/>, <see cref="Selected"/>, <see cref="Role"/> or <see cref="LocalCandidates"/> has
    /// changed: look at it after each call.
    /// </summary>
    public int Version { get; private set; }

    /// <summary>
    /// When <see cref="HandleTimeout"/> has something to do; MaxValue for never. Any call may change it, to a time that has
    /// passed as well.
    /// </summary>
    public TimeSpan NextDeadline { get; private set; } = Never;

    private bool HasEnded => State is IceAgentState.Failed or IceAgentState.Closed;

    /// <summary>Adds a candidate of ours, at any time; checks begin at once when the peer is known.</summary>
    /// <param name="local">
    /// The number of its base: for a reflexive candidate that of the socket that asked, for a relayed one that of the relay.
    /// </param>
    /// <param name="candidate">Of component 1. At most 64 are kept; known ones are ignored.</param>
    /// <param name="now">The time.</param>
    public void AddLocal(int local, IceCandidate candidate, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(candidate.Component, IceCandidate.RtpComponent);
        if (State == IceAgentState.Closed || !_locals.TryAdd(local, candidate))
        {
            return;
        }

        Version++;
        if (_current.StartedAt is not null)
        {
            foreach (var remote in _current.Remotes)
            {
                FormPair(local, candidate, remote);
            }
        }

        Run(now);
    }

    /// <summary>
    /// A base is gone: a network, or a relay. Its candidates and pairs go; when the selected pair is among them, all others
    /// are checked anew.
    /// </summary>
    public void RemoveLocal(int local, TimeSpan now)
    {
        if (!_locals.HasBase(local))
        {
            return;
        }

        Version++;
        _locals.RemoveBase(local);
        _current.EarlyChecks.Remove(local);
        foreach (var pair in _current.CheckList.Pairs.ToArray())
        {
            if (pair.Local == local)
            {
                Forget(pair);
            }
        }

        if (_selected?.Local == local)
        {
            LoseSelected(now);
        }

        Run(now);
    }

    /// <summary>
    /// Takes the remote credentials. Checks begin with the next call that brings the time: the deadline is due. Others than
    /// those known mean that the peer restarted: its candidates of before are forgotten, the selected pair carries on.
    /// </summary>
    /// <param name="remote">From the remote description.</param>
    /// <param name="lite">Whether it says <c>a=ice-lite</c>; then we control (RFC 8445 §6.1.1).</param>
    public void SetRemote(IceCredentials remote, bool lite)
    {
        if (HasEnded || remote == _current.Remote)
        {
            return;
        }

        if (_current.Remote is not null)
        {
            BeginGeneration(_current.Local);
        }

        _current.SetRemote(remote, lite);
        if (lite)
        {
            SetRole(IceRole.Controlling);
        }

        Transition(IceAgentState.Checking, IceAgentStateReason.RemoteKnown);
        NextDeadline = _now;
    }

    /// <summary>Adds a candidate of the peer's; before <see cref="SetRemote"/> as well.</summary>
    /// <returns>
    /// False when it was ignored: known already, too many, of another component or generation, or at an address where no
    /// one peer can be.
    /// </returns>
    public bool AddRemote(IceCandidate candidate, TimeSpan now)
    {
        if (HasEnded || !_current.TryAddRemote(candidate, SilentSince(now), _selected, out var replaces))
        {
            return false;
        }

        if (replaces)
        {
            foreach (var pair in _current.CheckList.Pairs)
            {
                if (pair.Remote == candidate.Address)
                {
                    pair.ReplaceRemote(candidate, Role);
                }
            }
        }
        else if (_current.StartedAt is not null)
        {
            FormPairs(candidate);
        }

        Run(now);
        return true;
    }

    /// <summary>The peer has no more candidates (RFC 8838 §13): the agent may fail sooner, and nominate sooner.</summary>
    public void EndOfRemoteCandidates(TimeSpan now)
    {
        _current.EndOfCandidates = true;
        Run(now);
    }

    /// <summary>Does what is due by now: checks, retransmissions, nomination, consent. Harmless at any time.</summary>
    public void HandleTimeout(TimeSpan now) => Run(now);

    /// <summary>
    /// Begins an ICE restart (RFC 8445 §9), ours or in answer to the peer's; <see cref="SetRemote"/> and the peer's candidates
    /// follow. Our bases stay. The selected pair carries on, with its old credentials, until a new one is nominated.
    /// </summary>
    /// <param name="local">New credentials.</param>
    /// <param name="now">The time.</param>
    public void Restart(IceCredentials local, TimeSpan now)
    {
        if (State == IceAgentState.Closed)
        {
            return;
        }

        BeginGeneration(local);
        Transition(_selected is null ? IceAgentState.New : IceAgentState.Checking, IceAgentStateReason.Restarted);
        Run(now);
    }

    /// <summary>Ends it: nothing is sent and nothing answered any more.</summary>
    public void Close()
    {
        Transition(IceAgentState.Closed, IceAgentStateReason.ClosedByUs);
        NextDeadline = Never;
    }

    private void BeginGeneration(IceCredentials local)
    {
        _current = new IceGeneration(local, _options);
        _nominating = null;
        _bestValid = null;
        _locals.RemovePeerReflexive();
        Version++;
    }

    /// <summary>Everything that time brings, in the order in which one thing leads to another.</summary>
    private void Run(TimeSpan now)
    {
        _now = now;
        if (HasEnded)
        {
            return;
        }

        if (_current.Remote is not null && _current.StartedAt is null)
        {
            Start(now);
        }

        JudgeConsent(now);
        Retransmit(now);
        JudgeConnecting(now);
        if (HasEnded)
        {
            return;
        }

        Nominate(now);
        CheckConsent(now);
        CheckNext(now);
        Reschedule();
    }

    /// <summary>Both sides' credentials are known: checks begin, with those who checked us before at the front.</summary>
    private void Start(TimeSpan now)
    {
        _current.StartedAt = now;
        foreach (var remote in _current.Remotes)
        {
            FormPairs(remote);
        }

        foreach (var check in _current.EarlyChecks.Take())
        {
            TakeCheck(check, now);
        }
    }

    /// <summary>The one place where the state changes.</summary>
    private void Transition(IceAgentState to, IceAgentStateReason reason)
    {
        if (State == IceAgentState.Closed || State == to)
        {
            return;
        }

        State = to;
        StateReason = reason;
        Version++;
        if (HasEnded)
        {
            Select(null);
            _nominating = null;
            _bestValid = null;
            _current.CheckList.Clear();
            NextDeadline = Never;
        }
    }

    private void Reschedule()
    {
        var next = ConnectingDeadline;
        next = Earlier(next, ConsentDeadline);
        next = Earlier(next, NominationDeadline);
        if (_current.StartedAt is not null && _current.CheckList.HasNext(CheckFloor))
        {
            next = Earlier(next, _nextCheckAt);
        }

        foreach (var pair in _current.CheckList.Pairs)
        {
            next = Earlier(next, pair.Current.Resending ? pair.Current.NextAt : Never);
        }

        if (_selected is { Current.Resending: true } selected)
        {
            next = Earlier(next, selected.Current.NextAt);
        }

        NextDeadline = next;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Pairs not heard from since then are of no use.</summary>
    private TimeSpan SilentSince(TimeSpan now) => now - _options.ConsentLifetime;
}
