namespace Parley.Media.Ice;

/// <summary>How handling one datagram ended.</summary>
public enum IceStunResult
{
    /// <summary>An authentic request, answered with success.</summary>
    RequestAnswered,

    /// <summary>An authentic answer to a check of ours, whatever it says.</summary>
    ResponseTaken,

    /// <summary>An indication, or another method: nothing to do.</summary>
    Ignored,

    /// <summary>Not a well-formed STUN message. Dropped.</summary>
    Malformed,

    /// <summary>Came by a base that we do not have. Dropped.</summary>
    UnknownBase,

    /// <summary>A request without USERNAME or integrity: 400.</summary>
    BadRequest,

    /// <summary>A request with a USERNAME that is not ours, or not the remote side's: 401.</summary>
    WrongUsername,

    /// <summary>The integrity is missing in an answer, or wrong. Dropped without a word.</summary>
    WrongIntegrity,

    /// <summary>Authentic, but with attributes that we would have to understand: 420.</summary>
    UnknownAttribute,

    /// <summary>Authentic, but in our role, and ours is the higher tie-breaker: 487.</summary>
    RoleConflict,

    /// <summary>Answers no check of ours that waits for one. Dropped.</summary>
    UnmatchedResponse,

    /// <summary>The agent has failed or was closed. Dropped.</summary>
    Ended,
}
