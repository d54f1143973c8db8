namespace Parley.Server.MediaHost;

/// <summary>What the TCP port grants strangers, and what it asks of them.</summary>
internal sealed record TcpLimits
{
    /// <summary>Connections at one time. Each holds some 140 kB, and twice that at most in the system.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>How many from one address: an IPv4 address or an IPv6 /64. An office shares one, and browsers try each way they have.</summary>
    public int MaxPerAddress { get; init; } = 100;

    /// <summary>
    /// How many may not have proved themselves yet by an authentic STUN check. When there are more, the oldest goes: a good one needs
    /// one round trip.
    /// </summary>
    public int MaxUnproven { get; init; } = 128;

    /// <summary>How long a connection has for its first authentic check, and is kept after the consent of its last has expired.</summary>
    public TimeSpan ProveWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the peer may take nothing of what waits for it.</summary>
    public TimeSpan StalledFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that wait for one peer: a large keyframe, or 200 ms of 5 Mb/s. What is older than that is worth nothing to a meeting.
    /// </summary>
    public int QueueLength { get; init; } = 128 << 10;

    /// <summary>The system's own queue, which would otherwise grow to megabytes: seconds of delay on a slow line.</summary>
    public int SendBufferBytes { get; init; } = 128 << 10;
}
