namespace Parley.Media.Congestion;

/// <summary>How long packets to one viewer waited for their turn: mean and longest of the last whole window.</summary>
internal struct PacingWaits
{
    /// <summary>As long as the delays of a worker and of a meeting are looked at.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private TimeSpan _since;
    private TimeSpan _sum;
    private TimeSpan _max;
    private long _count;

    /// <summary>The mean of the last whole window; zero when nothing was sent in it.</summary>
    public TimeSpan Mean { get; private set; }

    /// <summary>The longest of it.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>A packet has left that waited for so long.</summary>
    public void Record(TimeSpan wait, TimeSpan now)
    {
        Turn(now);
        _count++;
        _sum += wait;
        if (wait > _max) _max = wait;
    }

    /// <summary>Begins the next window when it is time to; before what is there is read.</summary>
    public void Turn(TimeSpan now)
    {
        if (now - _since < Window) return;

        // What is older than the window before this one is no news any more.
        (Mean, Max) = _count == 0 || now - _since >= 2 * Window ? default : (_sum / _count, _max);
        (_since, _sum, _max, _count) = (now, default, default, 0);
    }
}
