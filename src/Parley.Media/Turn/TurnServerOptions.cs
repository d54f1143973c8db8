namespace Parley.Media.Turn;

/// <summary>What a <see cref="TurnServer"/> gives, to whom, and how much.</summary>
public sealed record TurnServerOptions
{
    /// <summary>The realm of its credentials (RFC 8489 §14.9).</summary>
    public string Realm { get; init; } = "parley";

    /// <summary>Allocations at one time.</summary>
    public int Allocations { get; init; } = 1000;

    /// <summary>Allocations of one user: what follows the expiry in the user name. A browser makes one for each interface and URL.</summary>
    public int AllocationsPerUser { get; init; } = 40;

    /// <summary>Allocations of one client address: an IPv4 address, or an IPv6 network of 64 bits.</summary>
    public int AllocationsPerAddress { get; init; } = 200;

    /// <summary>Addresses that may send to one allocation.</summary>
    public int Permissions { get; init; } = 64;

    /// <summary>Channels of one allocation.</summary>
    public int Channels { get; init; } = 64;

    /// <summary>Bytes of data per second, each way, of one allocation; a second's worth may come at once.</summary>
    public int BytesPerSecond { get; init; } = 2_500_000;

    /// <summary>Answers per second to who has proved nothing, over UDP, of one source address; five seconds' worth may come at once.</summary>
    public int AnswersPerSecond { get; init; } = 20;

    /// <summary>Whether to relay to loopback, private and link-local addresses.</summary>
    public bool AllowPrivatePeers { get; init; }

    /// <summary>Where our own media is received: always a peer that is relayed to.</summary>
    public IReadOnlyList<TransportAddress> MediaAddresses { get; init; } = [];

    /// <summary>
    /// Our own IP addresses, whatever their ports. What else listens there is not for everyone who may relay, so of these only
    /// <see cref="MediaAddresses"/> and the relayed addresses of living allocations are peers.
    /// </summary>
    public IReadOnlyList<TransportAddress> OwnAddresses { get; init; } = [];
}
