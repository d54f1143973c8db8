using Parley.Media.Stun;

namespace Parley.Media.Ice;

// Forming pairs, pacing checks, sending them and taking their answers (RFC 8445 §6.1, §7.2).
public sealed partial class IceAgent
{
    private const int MaxRequestLength = 640;

    private TimeSpan _nextCheckAt = TimeSpan.MinValue;

    /// <summary>
    /// With a pair selected and alive, only better ones are still checked (RFC 8445 §8.1.2); the others wait for it to die.
    /// </summary>
    private ulong CheckFloor =>
        State == IceAgentState.Connected && _selected is { } selected && selected.Generation == _current ? selected.Priority : 0;

    private void FormPairs(IceCandidate remote)
    {
        for (var i = 0; i < _locals.Count; i++)
        {
            var (local, candidate) = _locals[i];
            FormPair(local, candidate, remote);
        }
    }

    private IceCandidatePair? FormPair(int local, IceCandidate candidate, IceCandidate remote)
    {
        // Peer-reflexive candidates of ours are not paired again (RFC 8445 §7.2.5.3.1).
        if (candidate.Type == IceCandidateType.PeerReflexive || !candidate.Address.CanPair(remote.Address))
        {
            return null;
        }

        if (_current.CheckList.Find(local, remote.Address) is { } known)
        {
            known.Raise(candidate, Role);
            return known;
        }

        var pair = new IceCandidatePair(_current, local, candidate, remote, Role);
        return _current.CheckList.TryAdd(pair, _selected, SilentSince(_now)) ? pair : null;
    }

    private void Forget(IceCandidatePair pair)
    {
        _current.CheckList.Remove(pair);
        if (_nominating == pair)
        {
            _nominating = null;
        }

        if (_bestValid == pair)
        {
            _bestValid = null;
        }
    }

    /// <summary>Starts at most one check, Ta after the one before (RFC 8445 §6.1.4.2, §14.2).</summary>
    private void CheckNext(TimeSpan now)
    {
        if (now < _nextCheckAt || _current.StartedAt is null || _current.CheckList.Next(CheckFloor) is not { } pair)
        {
            return;
        }

        BeginCheck(pair, pair == _nominating, now);
        _nextCheckAt = now + _options.Pacing;
    }

    private void BeginCheck(IceCandidatePair pair, bool nominates, TimeSpan now)
    {
        var outstanding = _current.CheckList.CountOutstanding();
        var rto = _options.Pacing * outstanding;
        rto = rto > _options.InitialRto ? rto : _options.InitialRto;
        pair.Previous = pair.Current;
        pair.Current = IceTransaction.Begin(_random, Role, nominates, rto, now);
        if (pair.State != IceCandidatePairState.Succeeded)
        {
            pair.State = IceCandidatePairState.InProgress;
        }

        Transmit(pair, now);
    }

    private void Retransmit(TimeSpan now)
    {
        foreach (var pair in _current.CheckList.Pairs)
        {
            Retransmit(pair, now);
        }

        if (_selected is { } selected && selected.Generation != _current)
        {
            Retransmit(selected, now);
        }
    }

    private void Retransmit(IceCandidatePair pair, TimeSpan now)
    {
        if (!pair.Current.Resending || now < pair.Current.NextAt)
        {
            return;
        }

        if (pair.Current.Transmissions < _options.Transmissions)
        {
            pair.Current.Resent = true;
            Transmit(pair, now);
            return;
        }

        pair.Current.Resending = false;
        if (pair != _selected || pair.State == IceCandidatePairState.InProgress)
        {
            Fail(pair);
        }
    }

    /// <summary>
    /// Sends a check; its next transmission is twice as far off as the last one was (RFC 8489 §6.2.1). Where a pair is known
    /// to work, a missing answer means loss and not a path that is none: there the wait doubles once, or a few losses in a row
    /// would hold a nomination up for long.
    /// </summary>
    private void Transmit(IceCandidatePair pair, TimeSpan now)
    {
        ref var check = ref pair.Current;
        check.Transmissions++;
        check.LastSentAt = now;
        var rtos = check.Transmissions < _options.Transmissions ? 1 << (check.Transmissions - 1) : _options.LastWait;
        check.NextAt = now + (check.Rto * (pair.State == IceCandidatePairState.Succeeded ? Math.Min(rtos, 2) : rtos));

        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        check.WriteId(id);
        Span<byte> buffer = stackalloc byte[MaxRequestLength];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        request.WriteUsername(pair.Generation.OutgoingUsername);
        request.WritePriority(pair.CheckPriority);
        if (check.Role == IceRole.Controlling)
        {
            request.WriteIceControlling(_tieBreaker);
        }
        else
        {
            request.WriteIceControlled(_tieBreaker);
        }

        if (check.Nominates)
        {
            request.WriteUseCandidate();
        }

        request.WriteIntegrity(pair.Generation.RemoteKey);
        request.WriteFingerprint();
        _sink.Send(pair.Local, pair.Remote, request.Written);
    }

    private void Fail(IceCandidatePair pair)
    {
        pair.State = IceCandidatePairState.Failed;
        pair.Current.Resending = false;
        pair.NominatedByPeer = false;
        _nominating = _nominating == pair ? null : _nominating;
    }

    /// <summary>An answer to a check of ours (RFC 8445 §7.2.5).</summary>
    private IceStunResult HandleResponse(int local, TransportAddress from, StunMessage response, TimeSpan now)
    {
        if (FindAnswered(response.TransactionId, out var isCurrent) is not { } pair)
        {
            return IceStunResult.UnmatchedResponse;
        }

        if (!response.VerifyIntegrity(pair.Generation.RemoteKey))
        {
            return IceStunResult.WrongIntegrity;
        }

        ref var check = ref isCurrent ? ref pair.Current : ref pair.Previous;
        check.Expected = false;
        check.Resending = false;
        if (pair.Local != local || pair.Remote != from)
        {
            // §7.2.5.2.1: the path is not the same both ways. What is valid already stays so.
            if (pair.State == IceCandidatePairState.InProgress)
            {
                Fail(pair);
            }
        }
        else if (response.Class == StunClass.SuccessResponse)
        {
            if (response.XorMappedAddress is { } mapped)
            {
                Succeed(pair, check, mapped, now);
            }
        }
        else if (response.ErrorCode == 487)
        {
            YieldRole(pair, check.Role);
        }
        else if (pair.State == IceCandidatePairState.InProgress || pair == _nominating)
        {
            Fail(pair);
        }

        return IceStunResult.ResponseTaken;
    }

    private void Succeed(IceCandidatePair pair, IceTransaction check, TransportAddress mapped, TimeSpan now)
    {
        // An answer to an earlier check proves the path all the same; nothing is asked again.
        pair.Current.Resending = check.Nominates == pair.Current.Nominates ? false : pair.Current.Resending;
        pair.LastHeard = now;
        pair.LastConsent = now;
        if (!check.Resent)
        {
            pair.TakeRoundTrip(now - check.FirstSentAt);
        }

        TakeMapped(pair, mapped);
        if (pair.Generation == _current && pair.State != IceCandidatePairState.Succeeded)
        {
            pair.State = IceCandidatePairState.Succeeded;
            _current.CheckList.Unfreeze(pair);
        }

        TakeNomination(pair, check, now);
        ResumeConsent(pair, now);
    }

    private void TakeMapped(IceCandidatePair pair, TransportAddress mapped)
    {
        if (pair.MappedCandidate?.Address != mapped && _locals.Map(pair, mapped, out var isNew) is { } candidate)
        {
            pair.MappedCandidate = candidate;
            Version += isNew ? 1 : 0;
        }
    }

    /// <summary>The pair with a check that waits for this answer; the selected one is looked at first.</summary>
    private IceCandidatePair? FindAnswered(ReadOnlySpan<byte> transactionId, out bool isCurrent)
    {
        if (_selected is { } selected && IsAnswered(selected, transactionId, out isCurrent))
        {
            return selected;
        }

        foreach (var pair in _current.CheckList.Pairs)
        {
            if (IsAnswered(pair, transactionId, out isCurrent))
            {
                return pair;
            }
        }

        isCurrent = false;
        return null;
    }

    private static bool IsAnswered(IceCandidatePair pair, ReadOnlySpan<byte> transactionId, out bool isCurrent)
    {
        isCurrent = pair.Current.IsAnsweredBy(transactionId);
        return isCurrent || pair.Previous.IsAnsweredBy(transactionId);
    }
}
