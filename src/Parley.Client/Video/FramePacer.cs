namespace Parley.Client.Video;

/// <summary>
/// When each picture of a camera is due: number n at n / rate after the start, to the tick, so that no delay of one adds up to the
/// next. Who comes too late leaves pictures out. Has no clock of its own.
/// </summary>
internal struct FramePacer(TimeSpan start, int framesPerSecond)
{
    /// <summary>The picture that comes next.</summary>
    public long Number { get; private set; }

    /// <summary>When it is due.</summary>
    public readonly TimeSpan Due => start + DueAfter(Number);

    /// <summary>Goes on to the next picture that is not past.</summary>
    public void Advance(TimeSpan now)
    {
        Number++;
        var elapsed = now - start;
        if (elapsed <= DueAfter(Number)) return;

        // The one whose time it is now is still worth making.
        Number = Math.Max(Number, (long)((Int128)elapsed.Ticks * framesPerSecond / TimeSpan.TicksPerSecond));
    }

    private readonly TimeSpan DueAfter(long number) => new((long)((Int128)number * TimeSpan.TicksPerSecond / framesPerSecond));
}
