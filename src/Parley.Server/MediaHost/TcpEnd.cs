namespace Parley.Server.MediaHost;

/// <summary>Why a TCP connection of the media port ended, or was not taken.</summary>
internal enum TcpEnd
{
    /// <summary>The peer closed it, or the network did.</summary>
    ByPeer,

    /// <summary>There were too many, in all or from its address.</summary>
    TooMany,

    /// <summary>No authentic check came in time, or others needed the room.</summary>
    Unproven,

    /// <summary>Its consent has expired (RFC 7675).</summary>
    Silent,

    /// <summary>The peer took nothing of what was sent.</summary>
    Stalled,

    /// <summary>A frame longer than any of ours.</summary>
    Malformed,

    /// <summary>The server stops.</summary>
    Stopping,
}
