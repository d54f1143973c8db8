namespace Parley.Media.Ice;

/// <summary>Our candidates, each with the number of its base. Bounded, for a peer tells us the peer-reflexive ones.</summary>
internal sealed class IceLocalCandidates
{
    /// <summary>The most candidates of our own; a machine has a few interfaces.</summary>
    public const int Capacity = 64;

    /// <summary>The most peer-reflexive ones.</summary>
    public const int PeerReflexiveCapacity = 16;

    private readonly List<IceCandidate> _candidates = [];
    private readonly List<int> _bases = [];
    private int _reflexiveCount;

    public IReadOnlyList<IceCandidate> Candidates => _candidates;

    public int Count => _candidates.Count;

    public (int Local, IceCandidate Candidate) this[int index] => (_bases[index], _candidates[index]);

    public bool HasBase(int local) => _bases.Contains(local);

    /// <summary>False when it is known, or when there are too many.</summary>
    public bool TryAdd(int local, IceCandidate candidate)
    {
        var known = IndexOf(local, candidate.Address);
        if (known >= 0 && _candidates[known].Type == IceCandidateType.PeerReflexive)
        {
            _candidates[known] = candidate;
            return true;
        }

        if (known >= 0 || _candidates.Count >= Capacity)
        {
            return false;
        }

        _candidates.Add(candidate);
        _bases.Add(local);
        return true;
    }

    public void RemoveBase(int local)
    {
        for (var i = _bases.Count - 1; i >= 0; i--)
        {
            if (_bases[i] == local)
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>They belong to a generation (RFC 8445 §9); the others are the machine's.</summary>
    public void RemovePeerReflexive()
    {
        for (var i = _bases.Count - 1; i >= 0; i--)
        {
            if (_candidates[i].Type == IceCandidateType.PeerReflexive)
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>The candidate that stands for a base towards a remote address, or null.</summary>
    public IceCandidate? Best(int local, TransportAddress remote)
    {
        IceCandidate? best = null;
        for (var i = 0; i < _candidates.Count; i++)
        {
            var candidate = _candidates[i];
            if (_bases[i] == local && candidate.Type != IceCandidateType.PeerReflexive && candidate.Address.CanPair(remote)
                && (best is null || candidate.Priority > best.Priority))
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>The candidate of a mapped address; a new peer-reflexive one when there is none (RFC 8445 §7.2.5.3.1).</summary>
    /// <returns>Null when there are too many.</returns>
    public IceCandidate? Map(IceCandidatePair pair, TransportAddress mapped, out bool isNew)
    {
        isNew = false;
        var known = IndexOf(pair.Local, mapped);
        if (known >= 0)
        {
            return _candidates[known];
        }

        var reflexive = 0;
        foreach (var candidate in _candidates)
        {
            reflexive += candidate.Type == IceCandidateType.PeerReflexive ? 1 : 0;
        }

        if (reflexive >= PeerReflexiveCapacity || _candidates.Count >= Capacity || !mapped.IsUnicast())
        {
            return null;
        }

        isNew = true;
        var added = IceCandidate.PeerReflexive(mapped, pair.CheckPriority, $"prflx{++_reflexiveCount}", pair.BaseAddress);
        _candidates.Add(added);
        _bases.Add(pair.Local);
        return added;
    }

    private int IndexOf(int local, TransportAddress address)
    {
        for (var i = 0; i < _candidates.Count; i++)
        {
            if (_bases[i] == local && _candidates[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        _candidates.RemoveAt(index);
        _bases.RemoveAt(index);
    }
}
