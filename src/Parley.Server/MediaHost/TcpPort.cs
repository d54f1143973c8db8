using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Media.Framing;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>
/// The TCP port of a media worker, for those whose network lets no UDP through (ICE-TCP, RFC 6544; we are the passive side). The
/// system's callbacks accept and receive; the media thread reads what came (<see cref="Receive"/>) and ends connections
/// (<see cref="HandleTimeout"/>); any thread sends. A connection is worth nothing until an authentic STUN check has come over it.
/// </summary>
internal sealed class TcpPort : IDisposable
{
    /// <summary>Buffers read before UDP, timers and control get their turn again.</summary>
    private const int Burst = 64;

    private const int Backlog = 128;
    private const int ReceiveBufferBytes = 64 << 10;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Socket _listener;
    private readonly SocketAsyncEventArgs _accepting = new(true);
    private readonly ConcurrentDictionary<uint, TcpConnection> _connections = new();
    private readonly ConcurrentQueue<TcpConnection> _ready = new();
    private readonly Dictionary<UInt128, int> _perAddress = [];
    private readonly LinkedList<TcpConnection> _unproven = [];
    private readonly long[] _ends = new long[Enum.GetValues<TcpEnd>().Length];
    private readonly TcpLimits _limits;
    private readonly MediaClock _clock;
    private readonly Action _wake;
    private int _count;
    private uint _lastNumber;
    private int _woken;
    private long _droppedBefore;
    private long _unsent;
    private bool _acceptsNoMore;
    private volatile bool _stopped;
    private TimeSpan _nextSweep;

    /// <param name="port">The port, 0 for a free one.</param>
    /// <param name="limits">What strangers are granted.</param>
    /// <param name="clock">The time.</param>
    /// <param name="wake">Wakes the media thread, which then calls <see cref="Receive"/>.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public TcpPort(int port, TcpLimits limits, MediaClock clock, Action wake)
    {
        (_limits, _clock, _wake) = (limits, clock, wake);
        var dual = Socket.OSSupportsIPv6;
        _listener = new Socket(dual ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (dual) _listener.DualMode = true;

            // Before it listens: the window a connection opens with comes from here.
            _listener.ReceiveBufferSize = ReceiveBufferBytes;
            _listener.Bind(new IPEndPoint(dual ? IPAddress.IPv6Any : IPAddress.Any, port));
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting.Completed += (_, _) =>
        {
            if (TakeAccepted()) Accept();
        };
    }

    /// <summary>The port bound.</summary>
    public int Port { get; }

    /// <summary>Connections that are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Datagrams that were lost because a peer took too little of what came before, or its connection had ended.</summary>
    public long Dropped => Volatile.Read(ref _droppedBefore) + Volatile.Read(ref _unsent) + _connections.Sum(one => one.Value.Dropped);

    /// <summary>How many connections ended so.</summary>
    public long CountOf(TcpEnd end) => Volatile.Read(ref _ends[(int)end]);

    /// <summary>Begins to accept.</summary>
    public void Start() => Accept();

    /// <summary>Sends a datagram over the connection that the address names, or drops it. Never blocks; safe on any thread.</summary>
    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_connections.TryGetValue(to.Connection, out var connection)) connection.Send(datagram);
        else Interlocked.Increment(ref _unsent);
    }

    /// <summary>Media thread: hands what came to the engine, a buffer of each connection in turn. Returns whether there is more.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="beforeEach">What has its turn before each buffer.</param>
    public bool Receive(MediaEngine engine, Action beforeEach)
    {
        // First, so that what comes from now on wakes again.
        Interlocked.Exchange(ref _woken, 0);
        for (var i = 0; i < Burst; i++)
        {
            if (!_ready.TryDequeue(out var connection)) return false;
            beforeEach();
            Read(connection, engine);
        }

        return !_ready.IsEmpty;
    }

    /// <summary>When <see cref="HandleTimeout"/> is due; media thread.</summary>
    public TimeSpan NextDeadline => Count > 0 || Volatile.Read(ref _acceptsNoMore) ? _nextSweep : TimeSpan.MaxValue;

    /// <summary>Media thread: ends those that have not proved themselves, have lost their consent or take nothing.</summary>
    public void HandleTimeout(MediaEngine engine, TimeSpan now)
    {
        if (now < _nextSweep) return;
        _nextSweep = now + SweepInterval;
        foreach (var (_, connection) in _connections)
        {
            if (connection.IsProven && engine.IsProven(connection.Remote)) connection.ProvenAt = now;
            if (now - connection.ProvenAt > _limits.ProveWithin) connection.Abort(connection.IsProven ? TcpEnd.Silent : TcpEnd.Unproven);
            else if (connection.IsStalled(now, _limits.StalledFor)) connection.Abort(TcpEnd.Stalled);
        }

        // The system had no room for another socket: perhaps it has now.
        if (_stopped || !Volatile.Read(ref _acceptsNoMore)) return;
        Volatile.Write(ref _acceptsNoMore, false);
        Accept();
    }

    /// <summary>Ends all connections.</summary>
    public void Dispose()
    {
        _stopped = true;
        _listener.Dispose();
        foreach (var (_, connection) in _connections) connection.Abort(TcpEnd.Stopping);
    }

    private void Read(TcpConnection connection, MediaEngine engine)
    {
        var whole = false;
        try
        {
            var frames = connection.Frames;
            FrameRead read;
            var any = false;
            while ((read = frames.Read(out var frame)) == FrameRead.Frame)
            {
                any = true;
                engine.HandleDatagram(frame, connection.Remote, _clock.Now);
            }

            if (read == FrameRead.TooLong) connection.Abort(TcpEnd.Malformed);
            if (any && !connection.IsProven && engine.IsProven(connection.Remote)) Prove(connection);
            whole = true;
        }
        finally
        {
            // After a fault of our own in one frame the rest of them has its turn.
            if (!whole) _ready.Enqueue(connection);
            else if (connection.HasEnded) Finish(connection, engine);
            else if (connection.Receive()) _ready.Enqueue(connection);
        }
    }

    private void Prove(TcpConnection connection)
    {
        connection.IsProven = true;
        connection.ProvenAt = _clock.Now;
        lock (_lock) ForgetUnproven(connection);
    }

    /// <summary>The only place where a connection goes from the tables: its receive has ended, so nobody else holds its buffer.</summary>
    private void Finish(TcpConnection connection, MediaEngine engine)
    {
        connection.Dispose();
        if (!_connections.TryRemove(connection.Remote.Connection, out _)) return;
        Interlocked.Add(ref _droppedBefore, connection.Dropped);
        Interlocked.Increment(ref _ends[(int)connection.End]);
        lock (_lock)
        {
            ForgetUnproven(connection);
            _count--;
            var prefix = Prefix(connection.Remote);
            if (--_perAddress[prefix] == 0) _perAddress.Remove(prefix);
        }

        engine.HandleClosed(connection.Remote);
    }

    private void Accept()
    {
        try
        {
            while (!_stopped)
            {
                _accepting.AcceptSocket = null;
                if (_listener.AcceptAsync(_accepting) || !TakeAccepted()) return;
            }
        }
        catch (ObjectDisposedException)
        {
            // The port was closed.
        }
    }

    /// <summary>Returns whether to accept another at once.</summary>
    private bool TakeAccepted()
    {
        if (_stopped)
        {
            _accepting.AcceptSocket?.Dispose();
            return false;
        }

        switch (_accepting.SocketError)
        {
            case SocketError.Success:
                Take(_accepting.AcceptSocket!);
                return true;
            case SocketError.ConnectionReset or SocketError.ConnectionAborted:
                return true;
            default:
                // Mostly the process has no file descriptor left: to try again at once would only burn a processor.
                Volatile.Write(ref _acceptsNoMore, true);
                _wake();
                return false;
        }
    }

    private void Take(Socket socket)
    {
        TcpConnection connection;
        try
        {
            // A meeting cannot wait for more to put into a segment, nor for what the system has piled up.
            socket.NoDelay = true;
            socket.SendBufferSize = _limits.SendBufferBytes;
            var remote = TransportAddress.From((IPEndPoint)socket.RemoteEndPoint!);
            if (Admit(socket, remote) is not { } admitted) return;
            connection = admitted;
        }
        catch (SocketException)
        {
            // It is gone already.
            socket.Dispose();
            return;
        }

        if (connection.Receive()) OnReady(connection);
    }

    private TcpConnection? Admit(Socket socket, TransportAddress remote)
    {
        TcpConnection connection;
        TcpConnection? evicted = null;
        lock (_lock)
        {
            var prefix = Prefix(remote);
            var fromThere = _perAddress.GetValueOrDefault(prefix);
            if (_count >= _limits.MaxConnections || fromThere >= _limits.MaxPerAddress)
            {
                Interlocked.Increment(ref _ends[(int)TcpEnd.TooMany]);
                socket.Close(0);
                return null;
            }

            if (++_lastNumber == 0) _lastNumber = 1;
            connection = new TcpConnection(socket, remote with { Connection = _lastNumber }, _limits.QueueLength, _clock, OnReady);
            _count++;
            _perAddress[prefix] = fromThere + 1;
            connection.Unproven = _unproven.AddLast(connection);
            if (_unproven.Count > _limits.MaxUnproven)
            {
                evicted = _unproven.First!.Value;
                ForgetUnproven(evicted);
            }

            _connections[_lastNumber] = connection;
        }

        evicted?.Abort(TcpEnd.Unproven);
        return connection;
    }

    private void ForgetUnproven(TcpConnection connection)
    {
        if (connection.Unproven is not { } place) return;
        _unproven.Remove(place);
        connection.Unproven = null;
    }

    private void OnReady(TcpConnection connection)
    {
        _ready.Enqueue(connection);
        if (!_stopped && Interlocked.Exchange(ref _woken, 1) == 0) _wake();
    }

    private static UInt128 Prefix(TransportAddress from) => from.IsIPv4 ? from.Address : from.Address >> 64 << 64;
}
