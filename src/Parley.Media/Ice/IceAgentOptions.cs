namespace Parley.Media.Ice;

/// <summary>An agent's times and bounds.</summary>
public sealed record IceAgentOptions
{
    /// <summary>Ta: between the starts of two checks, at least 5 ms (RFC 8445 §14.2).</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The least time before a check is sent again (RFC 8445 §14.3); doubles each time.</summary>
    public TimeSpan InitialRto { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Rc: how often a check is sent (RFC 8489 §6.2.1 has 7; with 6 a check ends within the connect timeout).</summary>
    public int Transmissions { get; init; } = 6;

    /// <summary>Rm: how many RTOs the last transmission waits (RFC 8489 §6.2.1 has 16).</summary>
    public int LastWait { get; init; } = 8;

    /// <summary>How long to look for a better pair before the best valid one is nominated, when a better one is possible.</summary>
    public TimeSpan NominationDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long there is from the remote credentials to a selected pair.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The mean time between consent checks; each is 80–120 % of it (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long without an answer the selected pair counts as disconnected. The check is due after at most 6 s and sent
    /// again after 0.5 and 1 s more: one lost datagram must not show.
    /// </summary>
    public TimeSpan DisconnectedAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long an answer lets us send (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long after the first nomination a later one of lower priority is not followed: some peers nominate every
    /// pair they check (aggressively, RFC 5245 §8.1.1.2) and mean the best of them. After it the latest one wins.
    /// </summary>
    public TimeSpan NominationSettles { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most pairs (RFC 8445 §6.1.2.5).</summary>
    public int MaxPairs { get; init; } = 100;

    /// <summary>The most remote candidates, peer-reflexive ones included.</summary>
    public int MaxRemoteCandidates { get; init; } = 64;

    /// <summary>
    /// How long one check can take. All pairs may have failed, and still nobody gives up sooner: checks from addresses that
    /// were not signalled may come (RFC 8863 §4).
    /// </summary>
    internal TimeSpan Patience => InitialRto * ((1 << (Transmissions - 1)) - 1 + LastWait);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Pacing, TimeSpan.FromMilliseconds(5));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(InitialRto, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Transmissions is >= 1 and <= 10, true);
        ArgumentOutOfRangeException.ThrowIfLessThan(LastWait, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(NominationDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);

        // RFC 7675 §5.1: no faster than every 4 s, and with the jitter.
        ArgumentOutOfRangeException.ThrowIfLessThan(ConsentInterval, TimeSpan.FromSeconds(5));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DisconnectedAfter, ConsentInterval * 1.2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConsentLifetime, DisconnectedAfter);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPairs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRemoteCandidates, 1);
    }
}
