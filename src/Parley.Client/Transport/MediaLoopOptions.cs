namespace Parley.Client.Transport;

/// <summary>How a <see cref="MediaLoop"/> holds its sockets.</summary>
internal sealed record MediaLoopOptions
{
    /// <summary>For one connection, which nobody's memory will miss.</summary>
    public static MediaLoopOptions Default { get; } = new();

    /// <summary>
    /// Each socket's receive buffer in bytes. The system counts its own overhead against it (about twice a datagram), and
    /// gives less than asked where it is limited (Linux: net.core.rmem_max, unless we may override it).
    /// </summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How long to let datagrams and deadlines gather before the next are served, in real time; none by default. For who has hundreds of
    /// connections: a wake-up for each costs more than itself. All but the deadlines of punctual clients is late by up to as much.
    /// </summary>
    public TimeSpan Gather { get; init; }

    /// <summary>
    /// Whether the system may hand over many datagrams of a sender in one piece, and tells when each came, where it can (Linux): for
    /// who receives thousands a second. Costs 2 MB, and `now` of a datagram then is its own arrival, which may lie before the last timer.
    /// </summary>
    public bool Coalesces { get; init; }

    /// <summary>Whether to wait in the way that every system knows, although this one has a better.</summary>
    public bool Portable { get; init; }

    /// <summary>
    /// Gets what a posted action threw that belongs to no client. Without it the exception goes unhandled, as on any thread.
    /// </summary>
    public Action<Exception>? OnPostFault { get; init; }
}
