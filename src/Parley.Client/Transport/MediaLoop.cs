using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Parley.Sockets;

// Whatever a client throws ends that client and none of the others; whatever else is thrown is handed on.
#pragma warning disable CA1031

namespace Parley.Client.Transport;

/// <summary>
/// One thread that drives many connections: it waits for all their sockets at once, hands over what came, batch by batch,
/// and calls each when its deadline has passed. One bot needs one, and so do hundreds of generated participants.
/// </summary>
internal sealed class MediaLoop : IDisposable
{
    /// <summary>Receives from one socket before the others have their turn.</summary>
    private const int MaxBatches = 4;

    /// <summary>Wait in pieces of at most this, which the system's calls can still count in microseconds.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>What is said to have come earlier was served late by a clock that was set, not by us.</summary>
    private static readonly TimeSpan LatestServed = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WallClockPrecision = TimeSpan.FromMicroseconds(5);

    private readonly MediaLoopOptions _options;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer? _alarm;
    private readonly Thread _thread;
    private readonly LoopSocket?[] _ready = new LoopSocket?[256];
    private readonly TimerHeap _timers = new();
    private readonly TimerHeap _punctual = new();
    private readonly List<MediaLoopRegistration> _due = [];
    private readonly PostQueue _posted = new();

    // Guarded by _lock: who is registered, their sockets and the drops of those closed.
    private readonly Lock _lock = new();
    private readonly HashSet<MediaLoopRegistration> _registrations = [];
    private long _closedDrops;
    private bool _closing;

    private int _awake;
    private long _utcAtZero;
    private volatile bool _stopping;
    private volatile bool _blind;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="time">The system's when null. On another one the loop's waits follow its timers.</param>
    /// <param name="options"><see cref="MediaLoopOptions.Default"/> when null.</param>
    public MediaLoop(string name, TimeProvider? time = null, MediaLoopOptions? options = null)
    {
        _options = options ?? MediaLoopOptions.Default;
        _time = time ?? TimeProvider.System;
        _origin = _time.GetTimestamp();
        Poller = SocketPoller.Create(_options.Portable, _options.Coalesces);
        if (_time != TimeProvider.System)
        {
            _alarm = _time.CreateTimer(
                static loop => ((MediaLoop)loop!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Monotonic time since the loop was made.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Whether the caller is on the loop's thread.</summary>
    public bool IsLoopThread => Thread.CurrentThread == _thread;

    /// <summary>Whether the system told of every socket so far. Where it does not, 0 <see cref="Drops"/> says nothing.</summary>
    public bool CountsDrops => OperatingSystem.IsLinux() && !_blind;

    /// <summary>
    /// Datagrams the system dropped at our sockets, those closed included: all but always because we did not read them in
    /// time. Asks every socket, so it is for once a second.
    /// </summary>
    public long Drops
    {
        get
        {
            lock (_lock)
            {
                var drops = _closedDrops;
                foreach (var registration in _registrations)
                {
                    foreach (var socket in registration.Sockets) drops += ReadDrops(socket);
                }

                return drops;
            }
        }
    }

    internal SocketPoller Poller { get; }

    /// <summary>
    /// Takes a client in. Nothing is called before it opens a socket, posts or arms, so what must not race with the client's own
    /// beginning is best posted.
    /// </summary>
    /// <param name="client">Who is called.</param>
    /// <param name="isPunctual">Whether its deadlines are kept while datagrams gather and others are served: for what a person's device does by a clock.</param>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public MediaLoopRegistration Register(IMediaLoopClient client, bool isPunctual = false)
    {
        var registration = new MediaLoopRegistration(this, client, isPunctual);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _registrations.Add(registration);
        }

        return registration;
    }

    /// <summary>Runs something on the loop's thread, soon and in order; nothing after the end.</summary>
    public void Post(Action action) => TryPost(null, action);

    /// <summary>
    /// Closes every client's sockets and ends the thread; what was posted before still runs. Waits for it, except on the loop's
    /// own thread.
    /// </summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        if (!IsLoopThread) _thread.Join();
    }

    internal void Post(MediaLoopRegistration owner, Action? action) => TryPost(owner, action);

    internal int Open(MediaLoopRegistration registration, IPEndPoint local)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(registration.IsClosed || _closing, registration);
            var number = registration.Sockets.Length;
            if (number == MediaLoopRegistration.MaxSockets) throw new InvalidOperationException("All of its sockets are open.");
            var socket = new LoopSocket(registration, number, local, _options.ReceiveBufferBytes);

            // It must be in the client's list before its first datagram is.
            registration.Add(socket);
            Poller.Add(socket);
            return number;
        }
    }

    internal void Close(MediaLoopRegistration registration)
    {
        if (IsLoopThread)
        {
            CloseNow(registration);
            return;
        }

        var closed = new ManualResetEventSlim();
        var posted = TryPost(null, () =>
        {
            CloseNow(registration);
            closed.Set();
        });
        if (posted) closed.Wait();
    }

    private void Run()
    {
        while (!_stopping)
        {
            RunPosted();
            RunTimers(_timers);
            RunTimers(_punctual);
            var count = Poller.Wait(TimeToWait(), _ready);
            if (_options.Coalesces) ReadWallClock();
            for (var i = 0; i < count; i++)
            {
                Serve(_ready[i]!);
                _ready[i] = null;
                if (_punctual.Next <= Now) RunTimers(_punctual);
            }

            if (_options.Gather > TimeSpan.Zero) Gather();
        }

        End();
    }

    /// <summary>What is posted meanwhile is late as well.</summary>
    private void Gather()
    {
        var until = Now + _options.Gather;
        for (var now = Now; now < until && !_stopping; now = Now)
        {
            var next = _punctual.Next < until ? _punctual.Next : until;
            if (next > now) Poller.Pause(next - now);
            RunTimers(_punctual);
        }
    }

    private void Serve(LoopSocket socket)
    {
        var owner = (MediaLoopRegistration)socket.Owner;
        if (owner.IsClosed) return;
        var client = owner.Client;
        var now = Now;
        try
        {
            for (var batch = 0; batch < MaxBatches; batch++)
            {
                var count = Poller.Receive(socket);
                for (var i = 0; i < count; i++)
                {
                    if (Poller.TryGet(i, out var from, out var datagram)) client.OnDatagram(socket.Local, from, datagram, ArrivalOf(i, now));
                    if (owner.IsClosed) return;
                }

                if (count < SocketPoller.BatchSize) break;
                now = Now;
            }

            client.OnBatchEnd(now);
            Schedule(owner);
        }
        catch (Exception fault)
        {
            End(owner, fault);
        }
    }

    /// <summary>When a datagram came, as the system says; else now.</summary>
    private TimeSpan ArrivalOf(int index, TimeSpan now)
    {
        if (Poller.ArrivedAt(index) is not (> 0 and var utc)) return now;
        var arrival = new TimeSpan(utc - _utcAtZero);

        // The wall clock may have been set meanwhile.
        return arrival > now || now - arrival > LatestServed ? now : arrival;
    }

    /// <summary>What the wall clock was when <see cref="Now"/> was 0: read anew for each round, because it may be set.</summary>
    private void ReadWallClock()
    {
        // A thread that loses its core between the two readings tries again.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var before = Now;
            _utcAtZero = _time.GetUtcNow().Ticks - before.Ticks;
            if (Now - before < WallClockPrecision) return;
        }
    }

    private void RunTimers(TimerHeap timers)
    {
        // Each has one turn, even one that is never content; then the sockets have theirs.
        var now = Now;
        while (timers.TryTakeDue(now, out var due)) _due.Add(due);
        foreach (var due in _due)
        {
            if (due.IsClosed) continue;
            try
            {
                due.Client.OnTimer(now);
                Schedule(due);
            }
            catch (Exception fault)
            {
                End(due, fault);
            }
        }

        _due.Clear();
    }

    private void RunPosted()
    {
        // Before the queue is looked at: who posts after this wakes us again.
        Interlocked.Exchange(ref _awake, 0);
        foreach (var (owner, action) in _posted.Take())
        {
            if (owner is null) RunUnowned(action!);
            else if (!owner.IsClosed) RunOwned(owner, action);
        }
    }

    private void RunOwned(MediaLoopRegistration owner, Action? action)
    {
        try
        {
            if (action is null) owner.BeginArm();
            else action();
            Schedule(owner);
        }
        catch (Exception fault)
        {
            End(owner, fault);
        }
    }

    private void RunUnowned(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault)
        {
            var rethrown = ExceptionDispatchInfo.Capture(fault);
            if (_options.OnPostFault is { } handler) handler(fault);
            else ThreadPool.UnsafeQueueUserWorkItem(static fault => fault.Throw(), rethrown, preferLocal: false);
        }
    }

    private void Schedule(MediaLoopRegistration registration)
    {
        if (!registration.IsClosed) TimersOf(registration).Set(registration, registration.Client.NextDeadline);
    }

    private TimerHeap TimersOf(MediaLoopRegistration registration) => registration.IsPunctual ? _punctual : _timers;

    private void End(MediaLoopRegistration registration, Exception fault)
    {
        if (registration.IsClosed) return;
        CloseNow(registration);
        try
        {
            registration.Client.OnFault(fault);
        }
        catch (Exception)
        {
        }
    }

    private void CloseNow(MediaLoopRegistration registration)
    {
        lock (_lock)
        {
            if (registration.IsClosed) return;
            registration.IsClosed = true;
            _registrations.Remove(registration);
            foreach (var socket in registration.Sockets)
            {
                Poller.Remove(socket);
                _closedDrops += ReadDrops(socket);
                socket.Dispose();
            }
        }

        TimersOf(registration).Remove(registration);
    }

    private long ReadDrops(LoopSocket socket)
    {
        if (socket.ReadDrops() is { } drops) return drops;
        _blind = true;
        return 0;
    }

    private void End()
    {
        MediaLoopRegistration[] left;
        lock (_lock)
        {
            _closing = true;
            left = [.. _registrations];
        }

        foreach (var registration in left) CloseNow(registration);
        _posted.End();
        RunPosted();
        _alarm?.Dispose();
        Poller.Dispose();
    }

    private bool TryPost(MediaLoopRegistration? owner, Action? action)
    {
        if (!_posted.TryAdd(new PostQueue.Posted(owner, action))) return false;
        Wake();
        return true;
    }

    private void Wake()
    {
        // One wake-up until the loop looks; on its own thread the mark is enough.
        if (Interlocked.Exchange(ref _awake, 1) == 0 && !IsLoopThread) Poller.Wake();
    }

    /// <summary>Milliseconds, rounded up so that a deadline has passed when the wait is over; −1: as long as it takes.</summary>
    private int TimeToWait()
    {
        if (Volatile.Read(ref _awake) != 0) return 0;
        var next = _timers.Next < _punctual.Next ? _timers.Next : _punctual.Next;
        if (_alarm is not null) return SetAlarm(next);
        if (next == TimeSpan.MaxValue) return -1;
        var left = next - Now;
        if (left <= TimeSpan.Zero) return 0;
        var milliseconds = (left < LongestWait ? left : LongestWait).TotalMilliseconds;

        // Who gathers waits out the rest there, to the microsecond.
        return (int)(_options.Gather > TimeSpan.Zero ? Math.Floor(milliseconds) : Math.Ceiling(milliseconds));
    }

    private int SetAlarm(TimeSpan next)
    {
        // Time that went on between looking at it and setting the alarm would make the alarm late by as much.
        for (var now = Now; ; now = Now)
        {
            if (next <= now) return 0;
            _alarm!.Change(next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next - now, Timeout.InfiniteTimeSpan);
            if (Now == now) return -1;
        }
    }
}
