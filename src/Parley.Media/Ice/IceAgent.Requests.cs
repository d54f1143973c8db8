using Parley.Media.Stun;

namespace Parley.Media.Ice;

// What comes from the network, and above all the peer's checks (RFC 8445 §7.3).
public sealed partial class IceAgent
{
    private readonly long[] _counts = new long[(int)IceStunResult.Ended + 1];

    private ulong _tieBreaker;

    /// <summary>How many datagrams ended so.</summary>
    public long CountOf(IceStunResult result) => _counts[(int)result];

    /// <summary>
    /// Handles a STUN datagram: the peer's checks, answers to ours, indications. Answers go by the sink, at most one, and to
    /// someone who does not know our password never longer than what came.
    /// </summary>
    /// <param name="local">The number of the base it came by.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="datagram">Anything.</param>
    /// <param name="now">The time.</param>
    public void HandleStun(int local, TransportAddress from, ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        // So that what comes late, after a late timer, is judged as it would have been on time.
        Run(now);
        var result = Handle(local, from, datagram, now);
        _counts[(int)result]++;
        if (result is IceStunResult.RequestAnswered or IceStunResult.ResponseTaken)
        {
            Run(now);
        }
    }

    private IceStunResult Handle(int local, TransportAddress from, ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (HasEnded)
        {
            return IceStunResult.Ended;
        }

        if (StunMessage.TryParse(datagram, out var message) != StunParseResult.Ok)
        {
            return IceStunResult.Malformed;
        }

        if (message.Method != StunMethod.Binding || message.Class == StunClass.Indication)
        {
            return IceStunResult.Ignored;
        }

        if (!_locals.HasBase(local))
        {
            return IceStunResult.UnknownBase;
        }

        if (message.Class != StunClass.Request)
        {
            return HandleResponse(local, from, message, now);
        }

        Span<byte> answer = stackalloc byte[BindingAnswer.MaxLength];
        var result = HandleRequest(local, from, message, datagram.Length, answer, out var length, now);
        if (length > 0)
        {
            _sink.Send(local, from, answer[..length]);
        }

        return result;
    }

    private IceStunResult HandleRequest(
        int local, TransportAddress from, StunMessage request, int requestLength, Span<byte> answer, out int length, TimeSpan now)
    {
        length = 0;
        if (!request.HasIntegrity || !request.TryGetUsername(out var username))
        {
            length = BindingAnswer.Refuse(request, 400, requestLength, answer);
            return IceStunResult.BadRequest;
        }

        if (GenerationOf(username) is not { } generation)
        {
            length = BindingAnswer.Refuse(request, 401, requestLength, answer);
            return IceStunResult.WrongUsername;
        }

        if (!request.VerifyIntegrity(generation.LocalKey))
        {
            return IceStunResult.WrongIntegrity;
        }

        length = BindingAnswer.UnknownAttributes(request, generation.LocalKey, answer);
        if (length > 0)
        {
            return IceStunResult.UnknownAttribute;
        }

        if (generation == _current && !SettleRole(request))
        {
            length = BindingAnswer.RoleConflict(request, generation.LocalKey, answer);
            return IceStunResult.RoleConflict;
        }

        // Answered before anything that the check leads to is sent.
        length = BindingAnswer.Success(request, from, generation.LocalKey, answer);
        var check = new IceEarlyCheck(local, from, request.Priority, request.UseCandidate);
        if (generation != _current)
        {
            if (_selected is { } old && old.Local == local && old.Remote == from)
            {
                old.LastHeard = now;
            }
        }
        else if (_current.StartedAt is null)
        {
            _current.EarlyChecks.Note(check);
        }
        else
        {
            TakeCheck(check, now);
        }

        return IceStunResult.RequestAnswered;
    }

    /// <summary>The credentials a request is made with: the current ones, or those of the pair that outlives a restart.</summary>
    private IceGeneration? GenerationOf(ReadOnlySpan<byte> username)
    {
        // The older one first: its name is complete, and the current one may still take any name of the peer's.
        if (_selected?.Generation is { } old && old != _current && old.Accepts(username))
        {
            return old;
        }

        return _current.Accepts(username) ? _current : null;
    }

    /// <summary>An authentic check of the peer's: learn its address, check back, note a nomination (RFC 8445 §7.3.1.3–5).</summary>
    private void TakeCheck(IceEarlyCheck check, TimeSpan now)
    {
        var pair = _current.CheckList.Find(check.Local, check.From) ?? Learn(check, now);
        if (pair is null)
        {
            return;
        }

        pair.LastHeard = now;
        var nominated = check.Nominates && Role == IceRole.Controlled;
        switch (pair.State)
        {
            case IceCandidatePairState.Succeeded when !nominated:
                break;
            case IceCandidatePairState.Succeeded when now - pair.LastConsent < _options.DisconnectedAfter:
                Follow(pair, now);
                break;
            case IceCandidatePairState.InProgress:
                pair.NominatedByPeer |= nominated;
                Hasten(pair, now);
                break;
            default:
                pair.NominatedByPeer |= nominated;
                _current.CheckList.Trigger(pair);
                break;
        }
    }

    private IceCandidatePair? Learn(IceEarlyCheck check, TimeSpan now)
    {
        if (_locals.Best(check.Local, check.From) is not { } candidate)
        {
            return null;
        }

        // Without PRIORITY: as of an only address of the peer's.
        const uint DefaultPriority = ((uint)IceCandidate.PeerReflexiveTypePreference << 24) | 0xFFFFFF;
        var remote = _current.FindRemote(check.From)
            ?? _current.AddPeerReflexive(check.From, check.Priority ?? DefaultPriority, SilentSince(now), _selected);
        return remote is null ? null : FormPair(check.Local, candidate, remote);
    }

    /// <summary>
    /// The peer's check came through, so ours may now: it is sent again at once. RFC 8445 §7.3.1.4 has it cancelled for a new
    /// one; the same transaction does as well, and its answer counts however slow the path is.
    /// </summary>
    private void Hasten(IceCandidatePair pair, TimeSpan now)
    {
        ref var check = ref pair.Current;
        if (now - check.LastSentAt < _options.Pacing)
        {
            return;
        }

        check.Transmissions = 0;
        check.Resending = true;
        check.NextAt = now;
    }

    /// <summary>Mends a role conflict by the tie-breakers, or says that the peer has to (RFC 8445 §7.3.1.1).</summary>
    /// <returns>False to answer 487.</returns>
    private bool SettleRole(StunMessage request)
    {
        var theirs = Role == IceRole.Controlling ? request.IceControlling : request.IceControlled;
        if (theirs is null)
        {
            return true;
        }

        // Whoever has the higher one controls.
        var weControl = _tieBreaker >= theirs;
        if (weControl == (Role == IceRole.Controlling))
        {
            return false;
        }

        SetRole(weControl ? IceRole.Controlling : IceRole.Controlled);
        return true;
    }

    /// <summary>The peer answered 487: we change, unless we have since, and check again (RFC 8445 §7.2.5.1).</summary>
    private void YieldRole(IceCandidatePair pair, IceRole claimed)
    {
        if (claimed == Role && !pair.Generation.RemoteIsLite)
        {
            SetRole(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
            _tieBreaker = NewTieBreaker();
        }

        if (pair.Generation == _current)
        {
            _current.CheckList.Trigger(pair);
        }
    }

    private void SetRole(IceRole role)
    {
        if (Role == role)
        {
            return;
        }

        Role = role;
        Version++;
        _nominating = null;
        _bestValid = null;
        foreach (var pair in _current.CheckList.Pairs)
        {
            pair.ComputePriority(role);
            pair.NominatedByPeer = false;
        }
    }

    private ulong NewTieBreaker() => ((ulong)_random.NextUInt32() << 32) | _random.NextUInt32();
}
