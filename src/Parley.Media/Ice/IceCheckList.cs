using System.Runtime.InteropServices;

namespace Parley.Media.Ice;

/// <summary>
/// The check list (RFC 8445 §6.1.2): one, as everything is bundled on one component. Bounded; small enough that looking for
/// the next pair goes through all of them.
/// </summary>
internal sealed class IceCheckList(int maxPairs)
{
    /// <summary>How often a check goes out before pairs frozen behind it go on without its outcome.</summary>
    private const int ThawAfterTransmissions = 2;

    private readonly List<IceCandidatePair> _pairs = [];
    private readonly Dictionary<(int Local, TransportAddress Remote), IceCandidatePair> _byPath = [];
    private readonly Queue<IceCandidatePair> _triggered = [];

    public ReadOnlySpan<IceCandidatePair> Pairs => CollectionsMarshal.AsSpan(_pairs);

    public IceCandidatePair? Find(int local, TransportAddress remote) => _byPath.GetValueOrDefault((local, remote));

    /// <summary>
    /// Adds a pair that is not there yet and settles its state (RFC 8838 §12). When the list is full, the least useful pair
    /// goes, or the new one does not come in (RFC 8445 §6.1.2.5).
    /// </summary>
    /// <param name="pair">The new pair.</param>
    /// <param name="keep">A pair that must stay.</param>
    /// <param name="silentSince">Pairs not heard from since then are of little use, valid or not.</param>
    public bool TryAdd(IceCandidatePair pair, IceCandidatePair? keep, TimeSpan silentSince)
    {
        if (_pairs.Count >= maxPairs)
        {
            var least = LeastUseful(keep, silentSince);
            if (least is null || (least.State != IceCandidatePairState.Failed && least.Priority > pair.Priority))
            {
                return false;
            }

            Remove(least);
        }

        // Succeeded or unknown foundations may go; behind a check on its way the others wait for its outcome.
        pair.State = HasFoundationIn(pair, IceCandidatePairState.Waiting) || HasFoundationIn(pair, IceCandidatePairState.InProgress)
            ? IceCandidatePairState.Frozen
            : IceCandidatePairState.Waiting;
        _pairs.Add(pair);
        _byPath.Add((pair.Local, pair.Remote), pair);
        return true;
    }

    public void Remove(IceCandidatePair pair)
    {
        _pairs.Remove(pair);
        _byPath.Remove((pair.Local, pair.Remote));

        // Whatever still stands in the queue is passed over.
        pair.IsTriggered = false;
    }

    public void Clear()
    {
        _pairs.Clear();
        _byPath.Clear();
        _triggered.Clear();
    }

    /// <summary>Puts a pair into the triggered-check queue, once (RFC 8445 §7.3.1.4).</summary>
    public void Trigger(IceCandidatePair pair)
    {
        if (pair.State != IceCandidatePairState.Succeeded)
        {
            pair.State = IceCandidatePairState.Waiting;
        }

        if (!pair.IsTriggered)
        {
            pair.IsTriggered = true;
            if (_triggered.Count > 2 * maxPairs)
            {
                DropRemovedFromQueue();
            }

            _triggered.Enqueue(pair);
        }
    }

    /// <summary>A check succeeded: what has its foundation will do so too (RFC 8445 §7.2.5.3.3).</summary>
    public void Unfreeze(IceCandidatePair succeeded)
    {
        foreach (var pair in Pairs)
        {
            if (pair.State == IceCandidatePairState.Frozen && pair.HasFoundationOf(succeeded))
            {
                pair.State = IceCandidatePairState.Waiting;
            }
        }
    }

    /// <summary>Whether <see cref="Next"/> would find a pair now, and when one could thaw.</summary>
    public bool HasNext(ulong above)
    {
        if (PeekTriggered() is not null)
        {
            return true;
        }

        foreach (var pair in Pairs)
        {
            if (pair.Priority > above
                && (pair.State == IceCandidatePairState.Waiting || (pair.State == IceCandidatePairState.Frozen && MayThaw(pair))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The pair to check next (RFC 8445 §6.1.4.2): triggered ones first, then by priority.</summary>
    /// <param name="above">Pairs of this priority and below are checked when triggered only.</param>
    public IceCandidatePair? Next(ulong above)
    {
        if (PeekTriggered() is { } triggered)
        {
            _triggered.Dequeue();
            triggered.IsTriggered = false;
            return triggered;
        }

        return Highest(IceCandidatePairState.Waiting, above) ?? Highest(IceCandidatePairState.Frozen, above);
    }

    /// <summary>How many checks are due or on their way: the more, the longer each waits for its answer (RFC 8445 §14.3).</summary>
    public int CountOutstanding()
    {
        var count = 0;
        foreach (var pair in Pairs)
        {
            count += pair.State is IceCandidatePairState.Waiting or IceCandidatePairState.InProgress ? 1 : 0;
        }

        return count;
    }

    public bool AllFailed()
    {
        foreach (var pair in Pairs)
        {
            if (pair.State != IceCandidatePairState.Failed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The valid pair of highest priority, or null.</summary>
    public IceCandidatePair? BestValid() => Highest(IceCandidatePairState.Succeeded, 0);

    /// <summary>Whether a pair of higher priority may still succeed.</summary>
    public bool MayBeBettered(IceCandidatePair than)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Priority > than.Priority && pair.State != IceCandidatePairState.Failed)
            {
                return true;
            }
        }

        return false;
    }

    private IceCandidatePair? Highest(IceCandidatePairState state, ulong above)
    {
        IceCandidatePair? highest = null;
        foreach (var pair in Pairs)
        {
            if (pair.State == state && pair.Priority > above
                && (highest is null || pair.Priority > highest.Priority)
                && (state != IceCandidatePairState.Frozen || MayThaw(pair)))
            {
                highest = pair;
            }
        }

        return highest;
    }

    /// <summary>
    /// RFC 8445 §6.1.4.2 step 3 waits until no pair of the foundation is on its way. That can take a check's whole timeout,
    /// 20 s, and foundations are what the peer says they are: so a check that was sent again holds the others up no longer.
    /// </summary>
    private bool MayThaw(IceCandidatePair frozen)
    {
        foreach (var pair in Pairs)
        {
            if (pair.HasFoundationOf(frozen)
                && (pair.State == IceCandidatePairState.Waiting
                    || (pair.State == IceCandidatePairState.InProgress && pair.Current.Transmissions < ThawAfterTransmissions)))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasFoundationIn(IceCandidatePair of, IceCandidatePairState state)
    {
        foreach (var pair in Pairs)
        {
            if (pair.State == state && pair.HasFoundationOf(of))
            {
                return true;
            }
        }

        return false;
    }

    private IceCandidatePair? PeekTriggered()
    {
        while (_triggered.TryPeek(out var pair))
        {
            if (pair.IsTriggered)
            {
                return pair;
            }

            _triggered.Dequeue();
        }

        return null;
    }

    private void DropRemovedFromQueue()
    {
        for (var left = _triggered.Count; left > 0; left--)
        {
            var pair = _triggered.Dequeue();
            if (pair.IsTriggered)
            {
                _triggered.Enqueue(pair);
            }
        }
    }

    /// <summary>A failed pair, else a silent one, else one not valid; of these that of lowest priority.</summary>
    private IceCandidatePair? LeastUseful(IceCandidatePair? keep, TimeSpan silentSince)
    {
        IceCandidatePair? least = null;
        var leastRank = 0;
        foreach (var pair in Pairs)
        {
            var rank = pair.State switch
            {
                IceCandidatePairState.Failed => 3,
                IceCandidatePairState.Succeeded => pair.LastHeard < silentSince ? 2 : 0,
                _ => 1,
            };
            if (pair != keep && rank > 0
                && (least is null || rank > leastRank || (rank == leastRank && pair.Priority < least.Priority)))
            {
                least = pair;
                leastRank = rank;
            }
        }

        return least;
    }
}
