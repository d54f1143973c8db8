using Parley.Media;

namespace Parley.Sockets;

/// <summary>
/// How a loop waits for its sockets and reads them. <see cref="Wake"/>, <see cref="Add"/> and <see cref="Send"/> are for any
/// thread, the rest for the loop's.
/// </summary>
internal abstract class SocketPoller : IDisposable
{
    /// <summary>A <see cref="Receive"/> that gave fewer has left nothing.</summary>
    public const int BatchSize = 32;

    /// <summary>Longer datagrams are dropped: WebRTC's stay below the path's MTU.</summary>
    public const int MaxDatagramLength = 2_048;

    private readonly object _pause = new();

    /// <summary>The best one of this system.</summary>
    /// <param name="portable">Whether to take the one that every system has.</param>
    /// <param name="coalesces">
    /// Whether the system may hand over many datagrams in one piece and tells when each came, where it can: for thousands of them a second.
    /// It takes 2 MB.
    /// </param>
    public static SocketPoller Create(bool portable, bool coalesces = false) =>
        OperatingSystem.IsLinux() && !portable ? new EpollPoller(coalesces) : new SelectPoller();

    /// <summary>Waits for the socket from now on.</summary>
    public abstract void Add(LoopSocket socket);

    /// <summary>Waits for it no more; before it is closed.</summary>
    public abstract void Remove(LoopSocket socket);

    /// <summary>
    /// Waits until a socket has something, someone woke us, or the time is over.
    /// </summary>
    /// <param name="milliseconds">−1 for as long as it takes.</param>
    /// <param name="ready">Gets the sockets that have something, as many as fit.</param>
    /// <returns>How many those are.</returns>
    public abstract int Wait(int milliseconds, Span<LoopSocket?> ready);

    /// <summary>Lets the time pass, whatever comes; <see cref="Wake"/> does not end it. In milliseconds, rounded up, where the system counts no finer.</summary>
    public virtual void Pause(TimeSpan time)
    {
        // Nobody pulses it.
        lock (_pause) Monitor.Wait(_pause, (int)Math.Ceiling(time.TotalMilliseconds));
    }

    /// <summary>Ends the present or the next wait.</summary>
    public abstract void Wake();

    /// <summary>
    /// Receives what is there without waiting into the buffers: at most <see cref="BatchSize"/> datagrams, or as many pieces of several.
    /// </summary>
    /// <returns>How many datagrams.</returns>
    public abstract int Receive(LoopSocket socket);

    /// <summary>One of the datagrams received last; false when it was longer than our buffer and so is worth nothing.</summary>
    public abstract bool TryGet(int index, out TransportAddress from, out Span<byte> datagram);

    /// <summary>When one of the datagrams received last came, in .NET ticks of UTC by the system's clock; 0 where it does not tell.</summary>
    public virtual long ArrivedAt(int index) => 0;

    /// <summary>Sends; false when the system refused. Of a closed socket nothing is sent, and that is no error.</summary>
    public abstract bool Send(LoopSocket socket, TransportAddress to, ReadOnlySpan<byte> datagram);

    /// <inheritdoc/>
    public abstract void Dispose();
}
