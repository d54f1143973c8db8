namespace Parley.Sockets;

/// <summary>Why a datagram was not sent.</summary>
internal enum SendFailure
{
    /// <summary>The system's buffer was full.</summary>
    BufferFull,

    /// <summary>There is no way to the address, or nobody there.</summary>
    Unreachable,

    /// <summary>Longer than the way carries.</summary>
    TooLong,

    /// <summary>A firewall of this machine forbids it.</summary>
    Forbidden,

    /// <summary>Anything else, as of a port 0.</summary>
    Other,
}
