using System.Net.Sockets;
using Parley.Media;
using Parley.Media.Framing;

namespace Parley.Server.MediaHost;

/// <summary>
/// One accepted connection of the media's TCP port (RFC 6544). What it receives lies in one fixed buffer, and nothing more is asked of
/// the system until the media thread has read that: so a peer cannot send faster than it is handled. What it sends waits in one
/// fixed ring, and is lost when that is full. No call here blocks. The lock is taken last and held for a copy and one system call.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    /// <summary>
    /// What media leaves free in the queue: a peer that is slow to take media still gets the answers to its checks, or it would
    /// believe the way dead.
    /// </summary>
    private const int Reserve = 4_096;

    /// <summary>What one send may take: small, so that a slow peer's progress shows.</summary>
    private const int MostAtOnce = 16_384;

    private readonly object _lock = new();
    private readonly Socket _socket;
    private readonly MediaClock _clock;
    private readonly Action<TcpConnection> _onReady;

    // Without the execution context: nobody here looks at it, and to carry it along costs an allocation.
    private readonly SocketAsyncEventArgs _receiving = new(true);
    private readonly SocketAsyncEventArgs _sendingArgs = new(true);
    private readonly FrameQueue _queue;
    private bool _sending;
    private bool _closed;
    private TimeSpan _progressAt;
    private long _dropped;

    /// <param name="socket">Accepted; this owns it.</param>
    /// <param name="remote">Its other end, with a number of its own.</param>
    /// <param name="queueLength">Bytes that may wait for the peer.</param>
    /// <param name="clock">The time.</param>
    /// <param name="onReady">Called on any thread when something was received, or never will be again: <see cref="Frames"/> may be read.</param>
    public TcpConnection(Socket socket, TransportAddress remote, int queueLength, MediaClock clock, Action<TcpConnection> onReady)
    {
        (_socket, _clock, _onReady) = (socket, clock, onReady);
        _queue = new FrameQueue(queueLength);
        Remote = remote;
        AcceptedAt = ProvenAt = clock.Now;
        _receiving.Completed += (_, _) => OnReceived();
        _sendingArgs.Completed += (_, _) => OnSent();
    }

    /// <summary>The other end.</summary>
    public TransportAddress Remote { get; }

    /// <summary>When it was accepted.</summary>
    public TimeSpan AcceptedAt { get; }

    /// <summary>Its place among those that have not proved themselves; guarded by the port's lock.</summary>
    public LinkedListNode<TcpConnection>? Unproven { get; set; }

    /// <summary>Whether an authentic check has ever come; media thread only.</summary>
    public bool IsProven { get; set; }

    /// <summary>When the port last saw that the consent holds; media thread only.</summary>
    public TimeSpan ProvenAt { get; set; }

    /// <summary>What came, for the media thread between <see cref="Receive"/>'s end and the next.</summary>
    public FrameReader Frames { get; } = new();

    /// <summary>Whether nothing more will come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why it ended; the first reason counts.</summary>
    public TcpEnd End { get; private set; }

    /// <summary>Datagrams that found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Asks for more bytes. Returns true when there is something to read at once; else the port is called back.</summary>
    public bool Receive()
    {
        try
        {
            _receiving.SetBuffer(Frames.GetFree());
            if (_socket.ReceiveAsync(_receiving)) return false;
        }
        catch (ObjectDisposedException)
        {
            HasEnded = true;
            return true;
        }

        TakeReceived();
        return true;
    }

    /// <summary>Sends a datagram, or drops it when the peer has not taken enough of those before. Safe on any thread.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        var reserve = Datagrams.Classify(datagram) == DatagramKind.RtpOrRtcp ? Reserve : 0;
        lock (_lock)
        {
            if (_closed) return;
            if (!_queue.TryAdd(datagram, reserve))
            {
                _dropped++;
                return;
            }

            if (_sending) return;
            _progressAt = _clock.Now;
            Flush();
        }
    }

    /// <summary>Whether the peer has taken nothing for so long of what waits for it.</summary>
    public bool IsStalled(TimeSpan now, TimeSpan limit)
    {
        lock (_lock) return _sending && now - _progressAt > limit;
    }

    /// <summary>
    /// Ends the connection at once; the port hears of it by the receive that ends. Without a farewell: what waits in the system would
    /// otherwise be kept there for a peer that may never take it.
    /// </summary>
    public void Abort(TcpEnd reason)
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            End = reason;
            try
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // The network was quicker.
            }

            _socket.Dispose();
        }
    }

    /// <summary>Lets go of everything, when nothing is received any more.</summary>
    public void Dispose()
    {
        Abort(TcpEnd.ByPeer);
        _receiving.Dispose();
        _sendingArgs.Dispose();
    }

    private void OnReceived()
    {
        TakeReceived();
        _onReady(this);
    }

    private void TakeReceived()
    {
        if (_receiving.SocketError == SocketError.Success && _receiving.BytesTransferred > 0) Frames.Advance(_receiving.BytesTransferred);
        else HasEnded = true;
    }

    private void OnSent()
    {
        lock (_lock)
        {
            if (TakeSent()) Flush();
        }
    }

    /// <summary>Sends what waits until the system takes no more; it calls back when it does again.</summary>
    private void Flush()
    {
        try
        {
            while (!_closed && _queue.Length > 0)
            {
                _sendingArgs.SetBuffer(_queue.Peek(MostAtOnce));
                _sending = true;
                if (_socket.SendAsync(_sendingArgs) || !TakeSent()) return;
            }
        }
        catch (ObjectDisposedException)
        {
            _sending = false;
        }
    }

    private bool TakeSent()
    {
        _sending = false;
        if (_sendingArgs.SocketError != SocketError.Success)
        {
            Abort(TcpEnd.ByPeer);
            return false;
        }

        _queue.Take(_sendingArgs.BytesTransferred);
        _progressAt = _clock.Now;
        return true;
    }
}
