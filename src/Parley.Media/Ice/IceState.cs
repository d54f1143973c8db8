namespace Parley.Media.Ice;

/// <summary>Where a lite agent stands.</summary>
public enum IceState
{
    /// <summary>Nothing nominated yet; or no longer, and a restart is under way.</summary>
    New,

    /// <summary>A nominated address, and recent checks from it: send to it.</summary>
    Connected,

    /// <summary>Checks from the nominated address are late; consent still holds, and one check mends it.</summary>
    Disconnected,

    /// <summary>Consent expired, or nothing was ever nominated. Nothing may be sent (RFC 7675 §5.1); only a restart leads out.</summary>
    Failed,

    /// <summary>We ended it. Final.</summary>
    Closed,
}

/// <summary>Why an agent came into its state.</summary>
public enum IceStateReason
{
    /// <summary>It was made.</summary>
    Created,

    /// <summary>The remote side nominated an address.</summary>
    Nominated,

    /// <summary>No check for <see cref="IceLiteAgent.DisconnectedAfter"/>.</summary>
    ChecksLate,

    /// <summary>The TCP connection it went over has ended.</summary>
    PathClosed,

    /// <summary>A check came after all.</summary>
    ChecksResumed,

    /// <summary>No check for <see cref="IceLiteAgent.ConsentLifetime"/>.</summary>
    ConsentExpired,

    /// <summary>No nomination within <see cref="IceLiteAgent.ConnectTimeout"/>, of the making or of a restart.</summary>
    NeverConnected,

    /// <summary><see cref="IceLiteAgent.Restart"/> of an agent that had failed.</summary>
    Restarted,

    /// <summary><see cref="IceLiteAgent.Close"/>.</summary>
    ClosedByUs,
}

/// <summary>How handling one request ended. An answer is to be sent whenever one was written, whatever the result.</summary>
public enum IceRequestResult
{
    /// <summary>Authentic: answered with success, and its address is valid now.</summary>
    Success,

    /// <summary>Not a well-formed STUN message. Dropped.</summary>
    Malformed,

    /// <summary>STUN, but no Binding request: an indication, or an answer to nothing we asked. Dropped.</summary>
    NotARequest,

    /// <summary>Without USERNAME or integrity: 400 (RFC 8489 §9.1.3).</summary>
    BadRequest,

    /// <summary>The USERNAME is not ours, or not the remote side's: 401 (RFC 8489 §9.1.3).</summary>
    WrongUsername,

    /// <summary>The integrity is wrong. Dropped without a word: an answer would tell a guesser how far they are.</summary>
    WrongIntegrity,

    /// <summary>Authentic, but with attributes that we would have to understand: 420 (RFC 8489 §6.3.1).</summary>
    UnknownAttribute,

    /// <summary>Authentic, but the remote side believes itself controlled: 487 (RFC 8445 §7.3.1.1).</summary>
    RoleConflict,

    /// <summary>The agent has failed or was closed. Dropped.</summary>
    Ended,
}
