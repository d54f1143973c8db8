namespace Parley.Media.Ice;

// How long a pair may be used (RFC 7675), and what happens when it may no longer.
public sealed partial class IceAgent
{
    private TimeSpan _consentCheckAt = Never;

    /// <summary>When the selected pair was lost with its base.</summary>
    private TimeSpan _lostAt;

    private TimeSpan ConsentDeadline
    {
        get
        {
            if (_selected is not { } selected)
            {
                return State == IceAgentState.Disconnected ? _lostAt + _options.ConsentLifetime : Never;
            }

            var judged = selected.LastConsent
                + (State == IceAgentState.Connected ? _options.DisconnectedAfter : _options.ConsentLifetime);
            return Earlier(judged, _consentCheckAt);
        }
    }

    private TimeSpan ConnectingDeadline
    {
        get
        {
            if (State != IceAgentState.Checking || _current.StartedAt is not { } started)
            {
                return Never;
            }

            var soonest = _current.EndOfCandidates && _current.CheckList.AllFailed() ? _options.Patience : _options.ConnectTimeout;
            return started + Earlier(soonest, _options.ConnectTimeout);
        }
    }

    /// <summary>
    /// Whether media may be taken from there: the selected pair, or one that carried something authentic within the consent
    /// lifetime. To send, use <see cref="Selected"/>. Cheap enough for every packet.
    /// </summary>
    public bool IsConsented(int local, TransportAddress from)
    {
        if (_selected is { } selected && selected.Local == local && selected.Remote == from)
        {
            return true;
        }

        return _current.CheckList.Find(local, from) is { } pair && pair.LastHeard > SilentSince(_now);
    }

    private void JudgeConsent(TimeSpan now)
    {
        if (_selected is { } selected)
        {
            if (now >= selected.LastConsent + _options.ConsentLifetime)
            {
                Expire(selected);
            }
            else if (State == IceAgentState.Connected && now >= selected.LastConsent + _options.DisconnectedAfter)
            {
                Transition(IceAgentState.Disconnected, IceAgentStateReason.ConsentLate);
                CheckAllAgain();
                _consentCheckAt = now;
            }
        }
        else if (State == IceAgentState.Disconnected && now >= _lostAt + _options.ConsentLifetime)
        {
            Transition(IceAgentState.Failed, IceAgentStateReason.ConsentExpired);
        }
    }

    private void JudgeConnecting(TimeSpan now)
    {
        if (now >= ConnectingDeadline)
        {
            Transition(
                IceAgentState.Failed,
                now >= _current.StartedAt + _options.ConnectTimeout
                    ? IceAgentStateReason.NeverConnected
                    : IceAgentStateReason.AllPairsFailed);
        }
    }

    private void Expire(IceCandidatePair selected)
    {
        if (selected.Generation == _current)
        {
            Transition(IceAgentState.Failed, IceAgentStateReason.ConsentExpired);
            return;
        }

        // The restart goes on without a path.
        Select(null);
        if (_current.Remote is null)
        {
            Transition(IceAgentState.New, IceAgentStateReason.ConsentExpired);
        }
    }

    /// <summary>
    /// Checks the selected pair every 4–6 s, which also keeps NATs open (RFC 8445 §11). An unanswered one is sent again as any
    /// check is, sooner than RFC 7675 §5.1 has the next: so one lost datagram does not look like a dead path.
    /// </summary>
    private void CheckConsent(TimeSpan now)
    {
        if (_selected is not { } selected || now < _consentCheckAt)
        {
            return;
        }

        // The controlling side says each time which pair it is: a peer that missed a nomination, or restarted, learns it.
        BeginCheck(selected, Role == IceRole.Controlling, now);
        ScheduleConsent(now);
    }

    private void ScheduleConsent(TimeSpan from) =>
        _consentCheckAt = from + (_options.ConsentInterval * (0.8 + (0.4 * _random.NextUInt32() / uint.MaxValue)));

    private void ResumeConsent(IceCandidatePair pair, TimeSpan now)
    {
        if (pair == _selected && State == IceAgentState.Disconnected)
        {
            _selectedAt = now;
            Transition(IceAgentState.Connected, IceAgentStateReason.ConsentResumed);
        }
    }

    /// <summary>The base of the selected pair is gone, and with it the path.</summary>
    private void LoseSelected(TimeSpan now)
    {
        var wasOfCurrent = HasSelectedOfCurrent;
        _lostAt = now;
        Select(null);
        if (wasOfCurrent)
        {
            Transition(IceAgentState.Disconnected, IceAgentStateReason.LocalRemoved);
            CheckAllAgain();
        }
        else if (_current.Remote is null)
        {
            Transition(IceAgentState.New, IceAgentStateReason.LocalRemoved);
        }
    }

    /// <summary>The selected path is in doubt: what was valid must prove itself, what failed gets another chance.</summary>
    private void CheckAllAgain()
    {
        _nominating = null;
        _bestValid = null;
        foreach (var pair in _current.CheckList.Pairs)
        {
            if (pair == _selected)
            {
                // Its consent check is due now.
                pair.State = IceCandidatePairState.InProgress;
            }
            else if (pair.State is IceCandidatePairState.Succeeded or IceCandidatePairState.Failed)
            {
                pair.State = IceCandidatePairState.Waiting;
                pair.NominatedByPeer = false;
            }
        }
    }
}
