using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Sockets;

namespace Parley.Client.Transport;

/// <summary>
/// A client's place in a <see cref="MediaLoop"/>: its sockets, and its turn. Every member may be used from any thread.
/// </summary>
internal sealed class MediaLoopRegistration : IDisposable
{
    /// <summary>The most sockets one client has.</summary>
    public const int MaxSockets = 16;

    private readonly MediaLoop _loop;
    private LoopSocket[] _sockets = [];
    private int _arming;
    private long _sendErrors;

    internal MediaLoopRegistration(MediaLoop loop, IMediaLoopClient client, bool isPunctual) => (_loop, Client, IsPunctual) = (loop, client, isPunctual);

    /// <summary>Datagrams the system refused to send.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Who is called.</summary>
    internal IMediaLoopClient Client { get; }

    /// <summary>Whether its deadlines do not wait for others' turns.</summary>
    internal bool IsPunctual { get; }

    /// <summary>Its sockets; only ever appended to, in a new array.</summary>
    internal LoopSocket[] Sockets => Volatile.Read(ref _sockets);

    /// <summary>Nothing is called any more.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Where it stands in the loop's timers; −1 while it has none.</summary>
    internal int TimerIndex { get; set; } = -1;

    /// <summary>The deadline it has in the loop's timers.</summary>
    internal TimeSpan Deadline { get; set; }

    /// <summary>
    /// Opens a UDP socket and receives from it from now on. <see cref="IPAddress.IPv6Any"/> takes IPv4 as well; port 0 lets the
    /// system choose.
    /// </summary>
    /// <returns>Its local base, counted from 0.</returns>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxSockets"/> already.</exception>
    /// <exception cref="ObjectDisposedException">The registration is over.</exception>
    public int Open(IPEndPoint local) => _loop.Open(this, local);

    /// <summary>The address a base is bound to; an any-address stays one, with its port.</summary>
    public TransportAddress LocalAddress(int local) => Sockets[local].LocalAddress;

    /// <summary>
    /// Sends a datagram; the bytes are the caller's again on return. It may get lost like any datagram: what the system
    /// refused is counted, and after the end nothing happens.
    /// </summary>
    public void Send(int local, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (!_loop.Poller.Send(Sockets[local], to, datagram)) Interlocked.Increment(ref _sendErrors);
    }

    /// <summary>
    /// Has the client's deadline read again: it has become earlier by something that did not happen on the loop's thread.
    /// </summary>
    public void Arm()
    {
        if (Interlocked.Exchange(ref _arming, 1) == 0) _loop.Post(this, null);
    }

    /// <summary>
    /// Runs something on the loop's thread, soon and in order, unless the registration ends before. What it throws ends this
    /// client.
    /// </summary>
    public void Post(Action action) => _loop.Post(this, action);

    /// <summary>
    /// Closes the sockets. After it nothing of the client's is called: on another thread it waits for a call under way, so
    /// the caller must hold no lock such a call takes; on the loop's own thread it waits for nothing.
    /// </summary>
    public void Dispose() => _loop.Close(this);

    internal void BeginArm() => Volatile.Write(ref _arming, 0);

    /// <summary>Under the loop's lock.</summary>
    internal void Add(LoopSocket socket) => Volatile.Write(ref _sockets, [.. _sockets, socket]);
}
