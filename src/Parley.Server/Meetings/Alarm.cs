namespace Parley.Server.Meetings;

/// <summary>Rings once at a time however far away: the platform's timers reach 49 days.</summary>
internal sealed class Alarm : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _at;
    private readonly Action _ring;
    private readonly ITimer _timer;

    private Alarm(TimeProvider time, DateTimeOffset at, Action ring)
    {
        (_time, _at, _ring) = (time, at, ring);
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Wait();
    }

    /// <param name="ring">On a thread of the pool.</param>
    public static Alarm Set(TimeProvider time, DateTimeOffset at, Action ring) => new(time, at, ring);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_time.GetUtcNow() >= _at) _ring();
        else Wait();
    }

    private void Wait()
    {
        var left = _at - _time.GetUtcNow();
        _timer.Change(left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
    }
}
