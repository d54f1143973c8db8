using System.Text;

namespace Parley.Media.Ice;

/// <summary>What belongs to one pair of credentials: everything that an ICE restart replaces (RFC 8445 §9).</summary>
internal sealed class IceGeneration
{
    private readonly List<IceCandidate> _remotes = [];
    private readonly IceAgentOptions _options;
    private byte[] _incomingUsername;
    private int _reflexiveCount;

    public IceGeneration(IceCredentials local, IceAgentOptions options)
    {
        _options = options;
        Local = local;
        LocalKey = Encoding.UTF8.GetBytes(local.Password);
        _incomingUsername = Encoding.UTF8.GetBytes(local.Ufrag + ":");
        CheckList = new IceCheckList(options.MaxPairs);
    }

    public IceCredentials Local { get; }

    /// <summary>Keys the integrity of requests to us and of our answers.</summary>
    public byte[] LocalKey { get; }

    public IceCredentials? Remote { get; private set; }

    /// <summary>Keys the integrity of our requests and of the answers to them.</summary>
    public byte[] RemoteKey { get; private set; } = [];

    /// <summary>USERNAME of our requests (RFC 8445 §7.2.2).</summary>
    public byte[] OutgoingUsername { get; private set; } = [];

    public bool RemoteIsLite { get; private set; }

    public bool EndOfCandidates { get; set; }

    /// <summary>When checks began, null before.</summary>
    public TimeSpan? StartedAt { get; set; }

    public IceCheckList CheckList { get; }

    public IceEarlyChecks EarlyChecks { get; } = new();

    public IReadOnlyList<IceCandidate> Remotes => _remotes;

    /// <summary>Whether a request's USERNAME is for these credentials; of the remote side any, until it is known.</summary>
    public bool Accepts(ReadOnlySpan<byte> username) =>
        Remote is not null ? username.SequenceEqual(_incomingUsername) : username.StartsWith(_incomingUsername);

    public void SetRemote(IceCredentials remote, bool lite)
    {
        Remote = remote;
        RemoteIsLite = lite;
        RemoteKey = Encoding.UTF8.GetBytes(remote.Password);
        OutgoingUsername = Encoding.UTF8.GetBytes($"{remote.Ufrag}:{Local.Ufrag}");
        _incomingUsername = Encoding.UTF8.GetBytes($"{Local.Ufrag}:{remote.Ufrag}");
        _remotes.RemoveAll(candidate => !IsOfThese(candidate));
    }

    public IceCandidate? FindRemote(TransportAddress address)
    {
        foreach (var candidate in _remotes)
        {
            if (candidate.Address == address)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Adds a signalled candidate, or lets it take the place of the peer-reflexive one of its address.</summary>
    /// <param name="candidate">From the peer.</param>
    /// <param name="silentSince">As in <see cref="IceCheckList.TryAdd"/>.</param>
    /// <param name="keep">A pair that must stay.</param>
    /// <param name="replaces">Whether it took another's place.</param>
    public bool TryAddRemote(IceCandidate candidate, TimeSpan silentSince, IceCandidatePair? keep, out bool replaces)
    {
        replaces = false;
        if (candidate.Component != IceCandidate.RtpComponent || !candidate.Address.IsUnicast() || !IsOfThese(candidate))
        {
            return false;
        }

        if (FindRemote(candidate.Address) is { } known)
        {
            replaces = known.Type == IceCandidateType.PeerReflexive && candidate.Type != IceCandidateType.PeerReflexive;
            if (replaces)
            {
                _remotes[_remotes.IndexOf(known)] = candidate;
            }

            return replaces;
        }

        return TryMakeRoom(silentSince, keep) && Append(candidate);
    }

    /// <summary>The candidate of an address that a check came from (RFC 8445 §7.3.1.3); null when there are too many.</summary>
    public IceCandidate? AddPeerReflexive(TransportAddress address, uint priority, TimeSpan silentSince, IceCandidatePair? keep)
    {
        if (!address.IsUnicast() || !TryMakeRoom(silentSince, keep))
        {
            return null;
        }

        // Its foundation must differ from all others (RFC 8445 §7.3.1.3).
        var candidate = IceCandidate.PeerReflexive(address, priority, $"prflx{++_reflexiveCount}");
        _remotes.Add(candidate);
        return candidate;
    }

    private bool Append(IceCandidate candidate)
    {
        _remotes.Add(candidate);
        return true;
    }

    /// <summary>A candidate that names another generation's ufrag came too late, or too early (RFC 8838 §8).</summary>
    private bool IsOfThese(IceCandidate candidate) => candidate.Ufrag is null || Remote is null || candidate.Ufrag == Remote.Ufrag;

    /// <summary>
    /// A peer on the move leaves a peer-reflexive candidate in each place: when there are too many, one that is silent goes.
    /// </summary>
    private bool TryMakeRoom(TimeSpan silentSince, IceCandidatePair? keep)
    {
        if (_remotes.Count < _options.MaxRemoteCandidates)
        {
            return true;
        }

        var silent = _remotes.FindIndex(candidate =>
            candidate.Type == IceCandidateType.PeerReflexive && IsSilent(candidate.Address, silentSince, keep));
        if (silent < 0)
        {
            return false;
        }

        foreach (var pair in CheckList.Pairs.ToArray())
        {
            if (pair.Remote == _remotes[silent].Address)
            {
                CheckList.Remove(pair);
            }
        }

        _remotes.RemoveAt(silent);
        return true;
    }

    private bool IsSilent(TransportAddress address, TimeSpan silentSince, IceCandidatePair? keep)
    {
        foreach (var pair in CheckList.Pairs)
        {
            if (pair.Remote == address && (pair == keep || pair.LastHeard >= silentSince))
            {
                return false;
            }
        }

        return true;
    }
}
