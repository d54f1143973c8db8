using System.Collections.Concurrent;
using Parley.Media;
using Parley.Media.Ice;
using Parley.Media.Session;
using Parley.Sockets;

namespace Parley.Server.MediaHost;

/// <summary>
/// One media port (UDP, and TCP for those who need it), one thread, one engine. Everything that touches the engine runs on this thread: datagrams as they come, and what
/// control asks for by <see cref="Post"/>.
/// </summary>
internal sealed class MediaWorker : IDisposable
{
    /// <summary>Batches handled before timers and TCP get their turn again.</summary>
    private const int MaxBatches = 4;

    /// <summary>What is older when we receive it is so by a clock that was set meanwhile.</summary>
    private static readonly TimeSpan MostInSocket = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait for the rest of a picture.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMicroseconds(100);

    /// <summary>How long nobody is waited for after it was in vain so often.</summary>
    private static readonly TimeSpan GatherPause = TimeSpan.FromSeconds(1);

    /// <summary>See <see cref="GatherPause"/>.</summary>
    private const int GatherPatience = 8;

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Action _runPosted;
    private readonly Thread _thread;
    private readonly UdpPort _port;
    private readonly TcpPort? _tcp;
    private readonly MediaClock _clock;
    private readonly Action<Exception> _onFault;
    private readonly TimeSpan[] _arrivals = new TimeSpan[2 * UdpPort.BatchSize];
    private readonly Room?[] _rooms = new Room?[2 * UdpPort.BatchSize];
    private TimeSpan _latest;
    private TimeSpan _gathersFrom;
    private int _gatheredInVain;
    private int _meetings;
    private int _connections;
    private MappedAddress? _mapped;
    private Action<MappedAddress>? _onMapped;
    private volatile bool _stopping;

    /// <param name="port">This owns it.</param>
    /// <param name="tcp">This owns it too; null for none. What it receives wakes the port.</param>
    /// <param name="clock">The engine's time.</param>
    /// <param name="events">Who is told what happens.</param>
    /// <param name="onFault">Who is told of faults of our own.</param>
    public MediaWorker(UdpPort port, TcpPort? tcp, MediaClock clock, IMediaEvents events, Action<Exception> onFault)
    {
        _clock = clock;
        _onFault = onFault;
        _port = port;
        _tcp = tcp;
        _runPosted = RunPosted;
        Engine = new MediaEngine(new MediaPorts(port, tcp), RandomSource.System, events, clock.Origin);
        _thread = new Thread(Run) { Name = $"media {_port.Port}", IsBackground = true };
    }

    /// <summary>The engine: only for what is posted here.</summary>
    public MediaEngine Engine { get; }

    /// <summary>The UDP port bound.</summary>
    public int Port => _port.Port;

    /// <summary>The TCP port; null for none.</summary>
    public TcpPort? Tcp => _tcp;

    /// <summary>How an address of this port is known outside; null when nobody is asked.</summary>
    public PublicAddress? Outside { get; set; }

    /// <summary>Meetings that live here.</summary>
    public int Meetings => Volatile.Read(ref _meetings);

    /// <summary>Connections of theirs.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether runs of datagrams leave as one (UDP GSO).</summary>
    public bool IsSegmenting => _port.IsSegmenting;

    /// <summary>What left by UDP, and what did not.</summary>
    public SendCounters Sent => _port.Sent;

    /// <summary>How long what came by UDP took, from the system's receiving it until all it led to had been sent.</summary>
    public DelayHistogram Delays { get; } = new();

    /// <summary>How much of the time this thread was not waiting.</summary>
    public BusyFraction Busy { get; } = new();

    /// <summary>What another thread sends by, in batches; it ends before this does.</summary>
    public IDatagramBatch OpenBatch() => new MediaPorts(_port.OpenBatch(), _tcp);

    /// <summary>Begins to receive.</summary>
    public void Start()
    {
        _thread.Start();
        _tcp?.Start();
    }

    /// <summary>Media thread: from now on asks a STUN server how it sees the UDP port, in place of the one asked before.</summary>
    /// <param name="question">Whom, and what came of it.</param>
    /// <param name="onNews">Called on the media thread after each answer, and when there was none.</param>
    public void Ask(MappedAddress question, Action<MappedAddress> onNews) => (_mapped, _onMapped) = (question, onNews);

    /// <summary>So many meetings and connections more live here, or fewer; any thread.</summary>
    public void OnLoad(int meetings, int connections)
    {
        Interlocked.Add(ref _meetings, meetings);
        Interlocked.Add(ref _connections, connections);
    }

    /// <summary>Runs something on the media thread, soon and in order.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _port.Wake();
    }

    /// <summary>Ends the thread and closes the port.</summary>
    public void Dispose()
    {
        _stopping = true;
        if (_thread.IsAlive)
        {
            _port.Wake();
            _thread.Join();
        }

        Outside?.Dispose();
        _tcp?.Dispose();
        _port.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                RunPosted();
                var more = _tcp?.Receive(Engine, _runPosted) == true;
                var now = _latest = _clock.Now;
                Engine.HandleBatchEnd(now);
                _tcp?.HandleTimeout(Engine, now);
                AskForMapped(now);
                if (!Wait(more ? TimeSpan.Zero : UntilDeadline(now))) continue;
                for (var i = 0; i < MaxBatches && ReceiveBatch(); i++)
                {
                }
            }
            catch (Exception fault)
            {
                // A fault of our own must not end every meeting of this worker, nor the process while it stops.
                _onFault(fault);
            }
        }

        // What was asked for before the end is done, so that rooms close in order.
        RunPosted();
    }

    private bool Wait(TimeSpan time)
    {
        Busy.BeginWait(_clock.Now);
        var isThere = _port.Wait(time);
        var now = _clock.Now;
        if (Busy.EndWait(now)) Engine.SetBusy(Busy.Value, now);
        Delays.Turn(now);
        return isThere;
    }

    /// <summary>Handles what the socket has, forwards all of it at once, and returns whether there may be more.</summary>
    private bool ReceiveBatch()
    {
        var count = _port.Receive();
        var now = _clock.Now;
        var wall = _clock.UnixTicks;

        // After the datagrams have come and before the first of them is handled: see there.
        RunPosted();
        for (var i = 0; i < count; i++) Handle(i, i, now, wall);
        var isFull = count == UdpPort.BatchSize;
        if (!isFull) count += Gather(count);
        now = _clock.Now;
        Engine.HandleBatchEnd(_latest = now);
        var end = _clock.Now;
        for (var i = 0; i < count; i++) Record(i, end);
        return isFull;
    }

    private void Record(int place, TimeSpan end)
    {
        var delay = end - _arrivals[place];
        Delays.Record(delay);
        if (_rooms[place] is not { } room) return;
        _rooms[place] = null;
        if (room.Tag is not MeetingMedia meeting) return;
        meeting.Delays.Turn(end);
        meeting.Delays.Record(delay);
    }

    /// <summary>
    /// The packets of a picture come one close behind the other, and those to one receiver cost least together: where one is
    /// incomplete that many receive, its rest is waited for a moment, as long as that pays.
    /// </summary>
    private int Gather(int before)
    {
        var now = _clock.Now;
        if (!Engine.ExpectsMore || now < _gathersFrom) return 0;
        var (until, gathered) = (now + GatherTime, 0);
        while (Engine.ExpectsMore && before + gathered < UdpPort.BatchSize && _port.Wait(until - now))
        {
            var count = _port.Receive();
            now = _clock.Now;
            var wall = _clock.UnixTicks;
            for (var i = 0; i < count; i++) Handle(i, before + gathered + i, now, wall);
            gathered += count;
            if (now >= until) break;
        }

        // Who spreads a picture over more time than that is not waited for again soon.
        _gatheredInVain = Engine.ExpectsMore ? _gatheredInVain + 1 : 0;
        if (_gatheredInVain >= GatherPatience) (_gatheredInVain, _gathersFrom) = (0, now + GatherPause);
        return gathered;
    }

    private void Handle(int index, int place, TimeSpan now, long wall)
    {
        var datagram = _port.Take(index, out var from, out var receivedAt);
        var age = new TimeSpan(receivedAt == 0 ? 0 : wall - receivedAt);
        _arrivals[place] = age > TimeSpan.Zero && age < MostInSocket ? now - age : now;
        if (!datagram.IsEmpty) Handle(datagram, from, place);
    }

    private void Handle(Span<byte> datagram, TransportAddress from, int place)
    {
        // The engine's time never goes back, though what waits in the socket came before the timers ran.
        if (_arrivals[place] > _latest) _latest = _arrivals[place];
        try
        {
            if (!TakeMapped(datagram, from)) _rooms[place] = Engine.HandleDatagram(datagram, from, _latest);
        }
        catch (Exception fault)
        {
            // A fault of our own in one packet is none of the next one's.
            _onFault(fault);
        }
    }

    /// <summary>
    /// Before each batch of datagrams: what control asked for before one came is done before it, for its sender may have been told already,
    /// as of the credentials an answer names.
    /// </summary>
    private void RunPosted()
    {
        while (_posted.TryDequeue(out var action))
        {
            try
            {
                action();
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }

    private TimeSpan UntilDeadline(TimeSpan now)
    {
        var deadline = Engine.NextDeadline;
        if (_tcp is not null && _tcp.NextDeadline < deadline) deadline = _tcp.NextDeadline;
        if (_mapped is not null && _mapped.NextDeadline < deadline) deadline = _mapped.NextDeadline;
        return deadline == TimeSpan.MaxValue ? TimeSpan.FromSeconds(1) : deadline - now;
    }

    private void AskForMapped(TimeSpan now)
    {
        if (_mapped is not { } mapped || now < mapped.NextDeadline) return;
        var wasSilent = mapped.IsSilent;
        var question = mapped.HandleTimeout(now);
        if (!question.IsEmpty) _port.Send(mapped.Server, question);
        if (mapped.IsSilent && !wasSilent) _onMapped!(mapped);
    }

    private bool TakeMapped(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        if (_mapped is not { } mapped || !mapped.TryTake(datagram, from, _clock.Now)) return false;
        _onMapped!(mapped);
        return true;
    }
}
