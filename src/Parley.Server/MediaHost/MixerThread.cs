using Parley.Media;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>Ticks the mixers of one worker's rooms every 20 ms of absolute time. Without rooms it sleeps.</summary>
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
    private RoomAudio[] _rooms = [];
    private RoomAudio[] _closing = [];
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

    public void Start() => _thread.Start();

    /// <summary>Ticks this room from now on.</summary>
    public void Add(RoomAudio room)
    {
        lock (_gate)
        {
            if (_disposed) return;
            if (_batch is not null) room.Batch = _batch;
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
            if (rooms.Length == 0)
            {
                _changed.WaitOne();
                next = NextTick(_clock.Now);
                continue;
            }

            if (now < next)
            {
                // Woken early by a change: look again. The tick's own time does not move.
                _changed.WaitOne((int)Math.Ceiling((next - now).TotalMilliseconds));
                continue;
            }

            if (now - next > MostToCatchUp) next = NextTick(now) - Interval;
            foreach (var room in rooms) Tick(room, next);
            _batch?.Flush();
            next += Interval;
        }

        // Nothing comes or goes any more.
        foreach (var room in _rooms) Guard(room.Dispose);
        foreach (var room in _closing) Guard(room.Dispose);
    }

    private static TimeSpan NextTick(TimeSpan now) => new((now.Ticks / Interval.Ticks + 1) * Interval.Ticks);

    private void Tick(RoomAudio room, TimeSpan tick)
    {
        try
        {
            room.Tick(tick);
        }
        catch (Exception fault)
        {
            // One meeting's fault is not the next one's, nor the process's while it stops.
            _onFault(fault);
        }
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
