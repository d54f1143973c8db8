namespace Parley.Server.MediaHost;

/// <summary>What handshakes may take of the machine.</summary>
public sealed record DtlsLimits
{
    /// <summary>
    /// How many handshakes may be under way, in all; also how many threads they may hold, since BouncyCastle's handshake
    /// blocks while it waits for the peer.
    /// </summary>
    public int MaxHalfOpen { get; init; } = 64;

    /// <summary>How many from one address: an IPv4 address or an IPv6 /64. A household or an office shares one.</summary>
    public int MaxHalfOpenPerAddress { get; init; } = 16;

    /// <summary>How many handshakes may compute at once; waiting ones do not count. Media keeps the other processors.</summary>
    public int MaxComputing { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>How long one handshake may take in all.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When an unanswered flight is sent again first.</summary>
    public TimeSpan InitialResend { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// How old a handshake must be before it may be dropped to make room for a newer one. A good one takes two round trips.
    /// </summary>
    public TimeSpan EvictAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many datagrams wait for one association; more are dropped, as a network would.</summary>
    public int QueueLength { get; init; } = 32;

    /// <summary>How long a thread without work stays.</summary>
    public TimeSpan ThreadIdle { get; init; } = TimeSpan.FromSeconds(10);
}
