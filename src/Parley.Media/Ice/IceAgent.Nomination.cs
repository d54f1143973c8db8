namespace Parley.Media.Ice;

// Which of the valid pairs media takes (RFC 8445 §8.1.1).
public sealed partial class IceAgent
{
    /// <summary>Of the current generation, or the one that outlives a restart.</summary>
    private IceCandidatePair? _selected;

    private TimeSpan _selectedAt;

    /// <summary>The pair whose check with USE-CANDIDATE is on its way.</summary>
    private IceCandidatePair? _nominating;

    /// <summary>The best valid pair, and since when it is.</summary>
    private IceCandidatePair? _bestValid;

    private TimeSpan _bestValidAt;

    /// <summary>
    /// The pair to send by, while consent lasts; null before the first nomination and after the end. After a restart the old
    /// one, until a new one is nominated.
    /// </summary>
    public IceSelectedPair? Selected { get; private set; }

    private TimeSpan NominationDeadline =>
        Role == IceRole.Controlling && _nominating is null && _bestValid is not null && NeedsNomination
            ? _bestValidAt + _options.NominationDelay
            : Never;

    private bool HasSelectedOfCurrent => _selected is { } selected && selected.Generation == _current;

    private bool NeedsNomination => !HasSelectedOfCurrent || State == IceAgentState.Disconnected;

    /// <summary>
    /// Regular nomination by the controlling side. RFC 8445 §8.1.1 lets it nominate once; like browsers we do so again when
    /// the selected pair is late and another one works, and to come down from a relay. A restart would do the same, slower.
    /// </summary>
    private void Nominate(TimeSpan now)
    {
        if (Role != IceRole.Controlling || _nominating is not null)
        {
            return;
        }

        var best = _current.CheckList.BestValid();
        if (best != _bestValid)
        {
            _bestValid = best;
            _bestValidAt = now;
        }

        if (best is not null && best != _selected && (NeedsNomination ? IsTimeFor(best, now) : IsDirectInsteadOfRelay(best)))
        {
            _nominating = best;
            _current.CheckList.Trigger(best);
        }
    }

    private bool IsTimeFor(IceCandidatePair best, TimeSpan now) =>
        State == IceAgentState.Disconnected
        || now >= _bestValidAt + _options.NominationDelay
        || (best.IsHostToHost && _current.RemoteIsLite)
        || ((best.IsHostToHost || _current.EndOfCandidates) && !_current.CheckList.MayBeBettered(best));

    private bool IsDirectInsteadOfRelay(IceCandidatePair best) =>
        _selected is { UsesRelay: true } selected && !best.UsesRelay && best.Priority > selected.Priority;

    /// <summary>A check was answered: the nomination it carried, or that waited for it, holds.</summary>
    private void TakeNomination(IceCandidatePair pair, IceTransaction check, TimeSpan now)
    {
        if (pair.Generation != _current)
        {
            return;
        }

        if (Role == IceRole.Controlled)
        {
            if (pair.NominatedByPeer)
            {
                pair.NominatedByPeer = false;
                Follow(pair, now);
            }
        }
        else if (check.Nominates && check.Role == IceRole.Controlling && pair == _nominating)
        {
            _nominating = null;
            Select(pair, now);
        }
    }

    /// <summary>
    /// The controlling side nominated a valid pair. The latest nomination wins, except that in the first seconds it must be
    /// the better one: see <see cref="IceAgentOptions.NominationSettles"/>.
    /// </summary>
    private void Follow(IceCandidatePair pair, TimeSpan now)
    {
        if (pair != _selected
            && (!HasSelectedOfCurrent
                || State != IceAgentState.Connected
                || pair.Priority > _selected!.Priority
                || now - _selectedAt >= _options.NominationSettles))
        {
            Select(pair, now);
        }
    }

    private void Select(IceCandidatePair pair, TimeSpan now)
    {
        Select(pair);
        _selectedAt = now;
        ScheduleConsent(pair.LastConsent);
        Transition(IceAgentState.Connected, IceAgentStateReason.Nominated);

        // §8.1.2: checks of lesser pairs stop, whose answers count nevertheless.
        foreach (var other in _current.CheckList.Pairs)
        {
            if (other.State == IceCandidatePairState.InProgress && other.Priority < pair.Priority)
            {
                other.State = IceCandidatePairState.Waiting;
                other.Current.Resending = false;
            }
        }
    }

    private void Select(IceCandidatePair? pair)
    {
        if (_selected != pair)
        {
            _selected = pair;
            Selected = pair is null ? null : new IceSelectedPair(pair);
            Version++;
        }
    }
}
