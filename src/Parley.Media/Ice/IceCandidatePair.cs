namespace Parley.Media.Ice;

/// <summary>The states of RFC 8445 §6.1.2.6.</summary>
internal enum IceCandidatePairState
{
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>
/// A local base and a remote address (RFC 8445 §6.1.2): both together are its key, so what §6.1.2.4 would prune never comes
/// to be. Of several local candidates with one base the one of highest priority counts.
/// </summary>
internal sealed class IceCandidatePair
{
    private IceCandidate _localCandidate;

    public IceCandidatePair(IceGeneration generation, int local, IceCandidate localCandidate, IceCandidate remoteCandidate, IceRole role)
    {
        Generation = generation;
        Local = local;
        _localCandidate = localCandidate;
        RemoteCandidate = remoteCandidate;
        Remote = remoteCandidate.Address;
        ComputePriority(role);
    }

    /// <summary>Whose credentials its checks use.</summary>
    public IceGeneration Generation { get; }

    public int Local { get; }

    public TransportAddress Remote { get; }

    public IceCandidate RemoteCandidate { get; private set; }

    /// <summary>The local candidate as the remote side sees it, once an answer told (RFC 8445 §7.2.5.3.2).</summary>
    public IceCandidate LocalCandidate => MappedCandidate ?? _localCandidate;

    public IceCandidate? MappedCandidate { get; set; }

    /// <summary>The address its checks leave from, unless hidden behind a reflexive candidate.</summary>
    public TransportAddress BaseAddress => _localCandidate.Address;

    /// <summary>PRIORITY of its checks.</summary>
    public uint CheckPriority => _localCandidate.PeerReflexivePriority;

    public ulong Priority { get; private set; }

    public IceCandidatePairState State { get; set; }

    /// <summary>Whether it waits in the triggered-check queue (RFC 8445 §6.1.4.1).</summary>
    public bool IsTriggered { get; set; }

    /// <summary>Whether the controlling side nominated it before it was valid (RFC 8445 §7.3.1.5).</summary>
    public bool NominatedByPeer { get; set; }

    /// <summary>The check that counts, and the one before it, whose late answer counts as well.</summary>
    public IceTransaction Current;

    public IceTransaction Previous;

    /// <summary>When it last carried something authentic to us.</summary>
    public TimeSpan LastHeard { get; set; } = TimeSpan.MinValue;

    /// <summary>When a check was last answered: the remote side's consent.</summary>
    public TimeSpan LastConsent { get; set; } = TimeSpan.MinValue;

    /// <summary>Smoothed as TCP does (RFC 6298 §2); zero before the first sample.</summary>
    public TimeSpan RoundTripTime { get; private set; }

    public bool UsesRelay => _localCandidate.Type == IceCandidateType.Relayed || RemoteCandidate.Type == IceCandidateType.Relayed;

    /// <summary>No NAT and no relay between.</summary>
    public bool IsHostToHost =>
        _localCandidate.Type == IceCandidateType.Host
        && RemoteCandidate.Type == IceCandidateType.Host
        && MappedCandidate is null or { Type: IceCandidateType.Host };

    public bool HasFoundationOf(IceCandidatePair other) =>
        _localCandidate.Foundation == other._localCandidate.Foundation
        && RemoteCandidate.Foundation == other.RemoteCandidate.Foundation;

    /// <summary>Another candidate of the same base, perhaps of higher priority.</summary>
    public void Raise(IceCandidate localCandidate, IceRole role)
    {
        if (localCandidate.Priority > _localCandidate.Priority)
        {
            _localCandidate = localCandidate;
            ComputePriority(role);
        }
    }

    /// <summary>The candidate of its remote address was signalled after all (RFC 8445 §7.3.1.3).</summary>
    public void ReplaceRemote(IceCandidate candidate, IceRole role)
    {
        RemoteCandidate = candidate;
        ComputePriority(role);
    }

    /// <summary>RFC 8445 §6.1.2.3.</summary>
    public void ComputePriority(IceRole role)
    {
        var (controlling, controlled) = role == IceRole.Controlling
            ? (_localCandidate.Priority, RemoteCandidate.Priority)
            : (RemoteCandidate.Priority, _localCandidate.Priority);
        Priority = ((ulong)Math.Min(controlling, controlled) << 32)
            + (2ul * Math.Max(controlling, controlled))
            + (controlling > controlled ? 1ul : 0);
    }

    public void TakeRoundTrip(TimeSpan sample) =>
        RoundTripTime = RoundTripTime == TimeSpan.Zero ? sample : RoundTripTime + ((sample - RoundTripTime) / 8);
}
