namespace Parley.Media.Ice;

/// <summary>The pair that media takes. A new object for each selection; its round-trip time is live.</summary>
public sealed class IceSelectedPair
{
    private readonly IceCandidatePair _pair;

    internal IceSelectedPair(IceCandidatePair pair) => _pair = pair;

    /// <summary>The number of the local base: by which to send.</summary>
    public int Local => _pair.Local;

    /// <summary>The local candidate as the remote side sees it.</summary>
    public IceCandidate LocalCandidate => _pair.LocalCandidate;

    /// <summary>Where to send.</summary>
    public TransportAddress Remote => _pair.Remote;

    /// <summary>The remote candidate.</summary>
    public IceCandidate RemoteCandidate => _pair.RemoteCandidate;

    /// <summary>Of the checks, smoothed; zero before the first sample.</summary>
    public TimeSpan RoundTripTime => _pair.RoundTripTime;
}
