namespace Parley.Server.MediaHost;

/// <summary>What became of a datagram given to a <see cref="DtlsInlet"/>.</summary>
public enum DtlsFeed
{
    /// <summary>It waits for the association.</summary>
    Taken,

    /// <summary>It is no DTLS a client sends, or does not begin a handshake where one must begin.</summary>
    Malformed,

    /// <summary>The association's queue is full.</summary>
    QueueFull,

    /// <summary>
    /// Too many handshakes are under way, in all or from this address. The client sends its hello again, and may then find room.
    /// </summary>
    Refused,

    /// <summary>The association has ended.</summary>
    Closed,
}
