namespace Parley.Media.Session;

/// <summary>
/// The time line of one sender's voice and pictures. The mix is the measure: a picture belongs to the tick in which the voice of the
/// same instant is mixed, so that lips match where both are played. Times of capture are by the sender's clock, which their reports tell.
/// </summary>
internal sealed class PlayTime
{
    /// <summary>What a voice takes from its arrival into the mix on a good path: the least delay of the jitter buffer, and half a tick.</summary>
    private static readonly TimeSpan UsualHold = TimeSpan.FromMilliseconds(30);

    /// <summary>A voice held for longer than this is no voice of the same sender's clock: nothing is held for half of it.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(600);

    /// <summary>How much a report may have been slower than others before the fastest of the last ones tells the path.</summary>
    private static readonly TimeSpan EarliestHold = TimeSpan.FromMilliseconds(-100);

    /// <summary>The fastest report of this long, and of the same before it, is the measure of the path: clocks drift.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private TimeSpan _fastest = TimeSpan.MaxValue;
    private TimeSpan _fastestBefore = TimeSpan.MaxValue;
    private TimeSpan _windowEnd;

    /// <summary>A report of any of the sender's streams has come.</summary>
    /// <param name="captured">Its time, by the sender's clock.</param>
    /// <param name="now">When it came.</param>
    public void OnReport(TimeSpan captured, TimeSpan now)
    {
        if (now >= _windowEnd)
        {
            (_fastestBefore, _fastest) = (now - _windowEnd < Window ? _fastest : TimeSpan.MaxValue, TimeSpan.MaxValue);
            _windowEnd = now + Window;
        }

        var transit = now - captured;
        _fastest = transit < _fastest ? transit : _fastest;
    }

    /// <summary>Of which instant the voice is that is mixed now, or would be; null before a report has come.</summary>
    /// <param name="now">The present.</param>
    /// <param name="mixed">Of which instant the voice is, as its own reports and the mixer tell; null when they do not.</param>
    public TimeSpan? CapturedAt(TimeSpan now, TimeSpan? mixed)
    {
        var transit = _fastest < _fastestBefore ? _fastest : _fastestBefore;
        if (transit == TimeSpan.MaxValue) return null;
        var arrived = now - transit;
        return mixed is { } voice && arrived - voice > EarliestHold && arrived - voice < LongestHold ? voice : arrived - UsualHold;
    }
}
