using Parley.Media;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>Ticks the mixers of one worker's rooms every 20 ms of absolute time. While there is nothing to mix in any of them it sleeps.</summary>
internal sealed class MixerThread : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>A thread held up longer than this goes on from now instead of mixing the past at full speed.</summary>
    private static readonly TimeSpan MostToCatchUp = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly MediaClock _clock;
    private readonly Action<Exception> _onFault;
    private readonly IDatagramBatch? _batch;
    private readonly Thread _thread;
    private readonly TickBudget _budget = new(Interval);
    private RoomAudio[] _rooms = [];
    private RoomAudio[] _closing = [];
    private long _skipped;
    private long _shortages;
    private double _load;
    private bool _sleeps;
    private volatile bool _stopping;
    private bool _disposed;

    /// <param name="number">Of its worker.</param>
    /// <param name="batch">What its rooms send by; null leaves each its own.</param>
    /// <param name="clock">The engine's time.</param>
    /// <param name="onFault">Who is told of faults of our own.</param>
    public MixerThread(int number, IDatagramBatch? batch, MediaClock clock, Action<Exception> onFault)
    {
        _batch = batch;
        _clock = clock;
        _onFault = onFault;
        _thread = new Thread(Run) { Name = $"mixer {number}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>How many rooms it ticks.</summary>
    public int Rooms => Volatile.Read(ref _rooms).Length;

    /// <summary>How much later than their time ticks began, while there was something to mix.</summary>
    public DelayHistogram Lateness { get; } = new();

    /// <summary>How much of the time between two ticks is taken, on average.</summary>
    public double Load => Volatile.Read(ref _load);

    /// <summary>Ticks left out after the thread was held up.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>How often the time became short, and encodes cheap.</summary>
    public long Shortages => Volatile.Read(ref _shortages);

    /// <summary>Whether it waits for news without ticking.</summary>
    public bool Sleeps => Volatile.Read(ref _sleeps);

    public void Start() => _thread.Start();

    /// <summary>Ticks this room from now on.</summary>
    public void Add(RoomAudio room)
    {
        lock (_gate)
        {
            if (_disposed) return;
            if (_batch is not null) room.Batch = _batch;
            room.OnNews = WakeUp;
            _rooms = [.. _rooms, room];
            _changed.Set();
        }
    }

    /// <summary>No longer ticks this room, and closes its mixer on this thread.</summary>
    public void Remove(RoomAudio room)
    {
        lock (_gate)
        {
            // After the end every room it had is closed already.
            if (_disposed) return;
            _rooms = [.. _rooms.Where(other => other != room)];
            _closing = [.. _closing, room];
            _changed.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _stopping = true;
            _changed.Set();
        }

        if (_thread.IsAlive) _thread.Join();
        _changed.Dispose();
    }

    private void Run()
    {
        ThreadUrgency.Raise();
        var next = NextTick(_clock.Now);
        while (!_stopping)
        {
            RoomAudio[] rooms;
            RoomAudio[] closing;
            lock (_gate)
            {
                rooms = _rooms;
                closing = _closing;
                _closing = [];
            }

            foreach (var room in closing) Guard(room.Dispose);
            var now = _clock.Now;
            if (Sleep(rooms))
            {
                next = NextTick(_clock.Now);
                continue;
            }

            if (now < next)
            {
                // Woken early by a change: look again. The tick's own time does not move.
                _changed.WaitOne((int)Math.Ceiling((next - now).TotalMilliseconds));
                continue;
            }

            if (now - next > MostToCatchUp)
            {
                var resumed = NextTick(now) - Interval;
                Volatile.Write(ref _skipped, _skipped + (resumed - next).Ticks / Interval.Ticks);
                next = resumed;
            }

            Lateness.Record(now - next);
            foreach (var room in rooms) Tick(room, next);
            _batch?.Flush();
            OnRound(now);
            next += Interval;
        }

        // Nothing comes or goes any more.
        foreach (var room in _rooms) Guard(room.Dispose);
        foreach (var room in _closing) Guard(room.Dispose);
    }

    /// <summary>Sleeps until something changes, when none of these rooms has anything to mix.</summary>
    /// <returns>Whether it slept.</returns>
    private bool Sleep(RoomAudio[] rooms)
    {
        if (!Array.TrueForAll(rooms, room => room.IsIdle)) return false;
        Volatile.Write(ref _sleeps, true);
        // Who brings something either sees that we sleep, or we see what was brought.
        Interlocked.MemoryBarrier();
        var isIdle = Array.TrueForAll(rooms, room => room.IsIdle);
        if (isIdle) _changed.WaitOne();
        Volatile.Write(ref _sleeps, false);
        return isIdle;
    }

    private void WakeUp()
    {
        if (Volatile.Read(ref _sleeps)) _changed.Set();
    }

    private static TimeSpan NextTick(TimeSpan now) => new((now.Ticks / Interval.Ticks + 1) * Interval.Ticks);

    private void Tick(RoomAudio room, TimeSpan tick)
    {
        try
        {
            room.SavesTime = _budget.IsShort;
            room.Tick(tick);
        }
        catch (Exception fault)
        {
            // One meeting's fault is not the next one's, nor the process's while it stops.
            _onFault(fault);
        }
    }

    private void OnRound(TimeSpan began)
    {
        var now = _clock.Now;
        Lateness.Turn(now);
        if (_budget.OnRound(now - began)) Volatile.Write(ref _shortages, _shortages + 1);
        Volatile.Write(ref _load, _budget.Load);
    }

    private void Guard(Action action)
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
