namespace Parley.Media.Turn;

/// <summary>Why a request was refused or a datagram dropped; each has its own count.</summary>
public enum TurnRefusal
{
    /// <summary>Neither STUN nor ChannelData, or malformed, or a method of no server.</summary>
    Malformed,

    /// <summary>Longer than <see cref="TurnServer.MaxMessageLength"/>.</summary>
    TooLong,

    /// <summary>Not answered: this source had its share of answers that prove nothing.</summary>
    Throttled,

    /// <summary>401 to a request without credentials: how every client begins.</summary>
    Challenged,

    /// <summary>401: wrong or expired credentials.</summary>
    Unauthorized,

    /// <summary>438.</summary>
    StaleNonce,

    /// <summary>400: what the method needs is missing or wrong.</summary>
    BadRequest,

    /// <summary>420: DONT-FRAGMENT and what else we do not know.</summary>
    UnknownAttribute,

    /// <summary>437: no allocation, or another one already.</summary>
    AllocationMismatch,

    /// <summary>440.</summary>
    AddressFamily,

    /// <summary>441: another user's allocation.</summary>
    WrongCredentials,

    /// <summary>442: something else than UDP.</summary>
    Transport,

    /// <summary>443: a peer of the other family.</summary>
    PeerFamily,

    /// <summary>403: a peer that is not relayed to.</summary>
    ForbiddenPeer,

    /// <summary>486: this user or this address has all it may have.</summary>
    Quota,

    /// <summary>508: the server, or this allocation, has all it may have, or no port is free.</summary>
    Capacity,

    /// <summary>Data for an allocation, a channel or a permission that is not there.</summary>
    NoPermission,

    /// <summary>Data beyond the allocation's bandwidth.</summary>
    Bandwidth,
}

/// <summary>What one server has done. Written by its thread only, read by anyone.</summary>
public sealed class TurnCounters
{
    private readonly long[] _refusals = new long[Enum.GetValues<TurnRefusal>().Length];
    private long _allocations;
    private long _toPeers;
    private long _toClients;

    /// <summary>Allocations ever made.</summary>
    public long Allocated => Volatile.Read(ref _allocations);

    /// <summary>Bytes of data relayed from clients to peers.</summary>
    public long BytesToPeers => Volatile.Read(ref _toPeers);

    /// <summary>Bytes of data relayed from peers to clients.</summary>
    public long BytesToClients => Volatile.Read(ref _toClients);

    /// <summary>How many were refused or dropped for this reason.</summary>
    public long Refused(TurnRefusal reason) => Volatile.Read(ref _refusals[(int)reason]);

    internal void OnAllocated() => Volatile.Write(ref _allocations, _allocations + 1);

    internal void OnToPeer(int bytes) => Volatile.Write(ref _toPeers, _toPeers + bytes);

    internal void OnToClient(int bytes) => Volatile.Write(ref _toClients, _toClients + bytes);

    internal void OnRefused(TurnRefusal reason) => Volatile.Write(ref _refusals[(int)reason], _refusals[(int)reason] + 1);
}
