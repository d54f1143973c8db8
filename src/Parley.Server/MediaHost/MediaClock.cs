namespace Parley.Server.MediaHost;

/// <summary>The engine's <c>now</c>: monotonic time since the media plane was made, the same on every media thread.</summary>
public sealed class MediaClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>The wall-clock time at <see cref="Now"/> = 0.</summary>
    public DateTimeOffset Origin { get; } = time.GetUtcNow();

    /// <summary>Time since the origin.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>The wall-clock time in 100 ns since 1970, as systems write it on datagrams.</summary>
    public long UnixTicks => time.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks;
}
