using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Parley.Media;
using Parley.Media.Turn;
using Parley.Server.MediaHost;
using Parley.Sockets;

namespace Parley.Server.TurnHost;

/// <summary>
/// One thread that runs a <see cref="TurnServer"/>: it waits for the clients' socket and all relay ports at once. Messages of TCP and TLS
/// connections come to it by <see cref="Take"/>, whole batches at a time.
/// </summary>
internal sealed class TurnWorker : ITurnHost, IDisposable
{
    private const int ReceiveBufferBytes = 4 << 20;

    /// <summary>Receives from one socket before the others have their turn.</summary>
    private const int MaxBatches = 4;

    /// <summary>How long a connection without an allocation is kept.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly MediaClock _clock;
    private readonly Action<Exception> _onFault;
    private readonly SocketPoller _poller;
    private readonly LoopSocket _clients;
    private readonly RelayPorts _ports;
    private readonly Thread _thread;
    private readonly LoopSocket?[] _ready = new LoopSocket?[256];
    private readonly ConcurrentQueue<TurnConnection> _received = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Dictionary<int, TurnConnection> _connections = [];
    private TimeSpan _nextLook;
    private int _awake;
    private volatile bool _stopping;

    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public TurnWorker(
        TurnOptions options,
        TurnServerOptions limits,
        TurnSecret secret,
        RelayAddresses addresses,
        OwnMedia media,
        MediaClock clock,
        Action<Exception> onFault,
        bool portable = false)
    {
        _clock = clock;
        _onFault = onFault;
        _poller = SocketPoller.Create(portable);
        try
        {
            var any = new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, options.Port);
            _clients = new LoopSocket(this, 0, any, ReceiveBufferBytes, answersWhereAsked: true);
        }
        catch
        {
            _poller.Dispose();
            throw;
        }

        _poller.Add(_clients);
        _ports = new RelayPorts(options, addresses, media, _poller);
        Server = new TurnServer(limits, secret, this, RandomSource.System, clock.Origin);
        _thread = new Thread(Run) { Name = $"turn {Port}", IsBackground = true };
    }

    /// <summary>The engine: only for the worker's thread, but for its counters.</summary>
    public TurnServer Server { get; }

    /// <summary>The port bound.</summary>
    public int Port => _clients.LocalAddress.Port;

    /// <summary>Begins to receive.</summary>
    public void Start() => _thread.Start();

    /// <summary>From any thread: the connection has begun.</summary>
    public void Add(TurnConnection connection)
    {
        Post(() =>
        {
            connection.IdleSince = _clock.Now;
            _connections.Add(connection.Flow.Connection, connection);
        });

        // Posted perhaps to nobody any more.
        if (_stopping) connection.Abort();
    }

    /// <summary>From any thread: the connection has bytes, and waits until they are taken.</summary>
    public void Take(TurnConnection connection)
    {
        _received.Enqueue(connection);
        Wake();
    }

    /// <summary>From any thread: the connection is over.</summary>
    public void Remove(TurnConnection connection) => Post(() =>
    {
        if (_connections.Remove(connection.Flow.Connection)) Server.CloseClient(connection.Flow);
    });

    /// <inheritdoc/>
    bool ITurnHost.Relays(TurnFlow client, bool ipv6) => _ports.Has(ipv6);

    /// <inheritdoc/>
    ITurnRelay? ITurnHost.OpenRelay(TurnFlow client, bool ipv6, bool evenPort) =>
        _ports.Open(client, Find(client)?.LocalAddress, ipv6, evenPort);

    /// <inheritdoc/>
    void ITurnHost.Send(TurnFlow client, ReadOnlySpan<byte> message)
    {
        if (!client.IsStream) _poller.Send(_clients, client.Client, message);
        else Find(client)?.Send(message, isData: false);
    }

    /// <inheritdoc/>
    void ITurnHost.SendData(TurnFlow client, ReadOnlySpan<byte> message)
    {
        if (!client.IsStream) _poller.Send(_clients, client.Client, message);
        else Find(client)?.Send(message, isData: true);
    }

    /// <summary>Ends every allocation and connection, and the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            Wake();
            _thread.Join();
        }
        else
        {
            End();
        }
    }

    private TurnConnection? Find(TurnFlow client) => _connections.GetValueOrDefault(client.Connection);

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                // Before the queues are looked at: who adds to them after this wakes us again.
                Interlocked.Exchange(ref _awake, 0);
                RunPosted();
                TakeReceived();
                var now = _clock.Now;
                Server.HandleTimeout(now);
                if (now >= _nextLook) LookAtConnections(now);
                var count = _poller.Wait(TimeToWait(now), _ready);
                for (var i = 0; i < count; i++) Serve(_ready[i]!);
            }
            catch (Exception fault)
            {
                // A fault of our own in one datagram must not end every allocation.
                _onFault(fault);
            }
        }

        End();
    }

    private void Serve(LoopSocket socket)
    {
        var relay = socket.Owner as RelayPort;
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            // Closed perhaps by what another socket received a moment ago.
            if (relay is { IsClosed: true }) return;
            var now = _clock.Now;
            var count = _poller.Receive(socket);
            for (var i = 0; i < count; i++)
            {
                if (!_poller.TryGet(i, out var from, out var datagram)) continue;
                if (relay is null) Server.HandleMessage(new TurnFlow(from), datagram, now);
                else Server.HandlePeerDatagram(relay, relay.Source(from), datagram, now);
            }

            if (count < SocketPoller.BatchSize) return;
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out var action)) action();
    }

    private void TakeReceived()
    {
        while (_received.TryDequeue(out var connection))
        {
            // It was added before it had bytes, but perhaps only since what was posted was run.
            if (!_connections.ContainsKey(connection.Flow.Connection)) RunPosted();

            // Only what is registered has a way back for answers.
            if (_connections.ContainsKey(connection.Flow.Connection)) connection.Consume(Server, _clock.Now);
            connection.Continue();
        }
    }

    private void LookAtConnections(TimeSpan now)
    {
        _nextLook = now + LookEvery;
        foreach (var connection in _connections.Values)
        {
            if (Server.HasAllocation(connection.Flow)) connection.IdleSince = now;
            else if (now - connection.IdleSince >= Idle) connection.Abort();
        }
    }

    private void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0) _poller.Wake();
    }

    /// <summary>Milliseconds, rounded up so that a deadline has passed when the wait is over.</summary>
    private int TimeToWait(TimeSpan now)
    {
        if (Volatile.Read(ref _awake) != 0) return 0;
        var left = Server.NextDeadline - now;
        return (int)Math.Ceiling(Math.Clamp(left.TotalMilliseconds, 0, LookEvery.TotalMilliseconds));
    }

    private void End()
    {
        RunPosted();
        foreach (var connection in _connections.Values) connection.Abort();
        _connections.Clear();
        Server.Close();
        _poller.Remove(_clients);
        _clients.Dispose();
        while (_received.TryDequeue(out var connection)) connection.Continue();
        _poller.Dispose();
    }
}
