using System.Threading.Channels;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>A clock whose timers go off when the test says so, in the order the test wants.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Channel<ManualTimer> _timers = Channel.CreateUnbounded<ManualTimer>();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    /// <summary>Time goes on, and no timer goes off.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state), dueTime);
        _timers.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>The next timer made with such a due time; others before it are passed over.</summary>
    public async Task<ManualTimer> NextAsync(Predicate<TimeSpan> isIt)
    {
        while (true)
        {
            var timer = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();
            if (isIt(timer.Due)) return timer;
        }
    }
}

internal sealed class ManualTimer(Action callback, TimeSpan due) : ITimer
{
    private volatile bool _isDisposed;

    public TimeSpan Due => due;

    public bool IsDisposed => _isDisposed;

    public void Fire()
    {
        if (!_isDisposed) callback();
    }

    /// <summary>To at once, which it does; other times are the test's to choose.</summary>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == TimeSpan.Zero) Fire();
        return true;
    }

    public void Dispose() => _isDisposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
