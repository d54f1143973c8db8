namespace Parley.Protocol;

/// <summary>Who carries a meeting's media.</summary>
public enum MeetingMode
{
    Server,
    PeerToPeer,
}

/// <summary>What the hosts want of the mode.</summary>
public enum ModePin
{
    Auto,
    PeerToPeer,
    Server,
}

/// <summary>Why a meeting is in its mode.</summary>
public enum ModeReason
{
    /// <summary>The meeting began, or the server did.</summary>
    Started,

    /// <summary>Fewer than two are there.</summary>
    Alone,

    /// <summary>Exactly two are there; peer to peer, or on the way to it.</summary>
    TwoPeople,

    MoreThanTwo,

    /// <summary>A host wants the server.</summary>
    Pinned,

    /// <summary>One of the two cannot be reached directly: a program that does not speak it, or an older client.</summary>
    NotAble,

    /// <summary>One of the two is a listener, or has not the right to a medium: only the server can hold that.</summary>
    Restricted,

    /// <summary>One of the two has lost their connection.</summary>
    Away,

    /// <summary>Calm is waited for before going peer to peer again.</summary>
    Settling,

    /// <summary>The two could not be connected directly, or lost each other.</summary>
    LinkFailed,
}

/// <summary>The mode of a meeting, since when and why.</summary>
public sealed record ModeState(MeetingMode Mode, ModePin Pin, ModeReason Reason, DateTimeOffset Since);

/// <summary>A change of mode as the record keeps it.</summary>
public sealed record ModeChange(MeetingMode Mode, ModeReason Reason, DateTimeOffset At);
