namespace Parley.Media.Congestion;

/// <summary>
/// Decides when to probe and how high: at the start, on while it works, after a drop that was none, when more is wanted, and
/// again and again while the estimate is too low for what is wanted and does not grow by itself.
/// </summary>
internal sealed class ProbeController(long start)
{
    // As libwebrtc has them.
    private const int FirstScale = 3;
    private const int SecondScale = 6;
    private const int FurtherScale = 2;
    private const double FurtherAbove = 0.7;
    private const double LargeDrop = 0.66;
    private const double AfterDrop = 0.85;
    private const double MinGain = 1.05;
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ResultWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(5);

    /// <summary>An allocator wants headroom before it raises, and a probe finds a little less than it was sent at.</summary>
    private const double UsefulScale = 1.5;
    private const double EnoughScale = 1.25;

    private long _second;
    private bool _hasStarted;
    private long _further = long.MaxValue;
    private TimeSpan _lastProbe;
    private long _wanted;
    private bool _wantsMore;
    private long _growthFrom;
    private TimeSpan _lastGrowth;
    private long _high;
    private TimeSpan _highAt;
    private long _beforeDrop;
    private TimeSpan _dropAt;
    private bool _hasRecovered;

    internal void OnEstimate(long target, TimeSpan now)
    {
        if (target > _growthFrom * MinGain)
        {
            (_growthFrom, _lastGrowth) = (target, now);
        }

        _growthFrom = Math.Min(_growthFrom, target);
        if (target >= _high || now - _highAt > ResultWithin)
        {
            (_high, _highAt) = (target, now);
        }

        if (target < _high * LargeDrop)
        {
            (_beforeDrop, _dropAt, _hasRecovered) = (_high, now, false);
            (_high, _highAt) = (target, now);
        }
    }

    /// <summary>Queues that had grown are empty again: it may have been a passing disturbance.</summary>
    internal void OnRecovered() => _hasRecovered = true;

    /// <summary>When a probe may be due that no feedback brings about.</summary>
    internal TimeSpan NextDeadline(long target, long wanted) =>
        _hasStarted && target < wanted * EnoughScale ? _lastProbe + Interval : TimeSpan.MaxValue;

    /// <param name="now">The present.</param>
    /// <param name="target">The estimate.</param>
    /// <param name="wanted">What could be used; probes measure no more than is of use.</param>
    /// <param name="isApplicationLimited">Whether far less is sent than the estimate, so that it cannot grow by itself.</param>
    /// <param name="bitrate">What to probe at.</param>
    internal bool TryTake(TimeSpan now, long target, long wanted, bool isApplicationLimited, out long bitrate)
    {
        _wantsMore |= wanted > _wanted;
        _wanted = wanted;
        bitrate = 0;
        if (target >= wanted * EnoughScale)
        {
            return false;
        }

        var useful = (long)(wanted * UsefulScale);
        bitrate = Math.Min(Choose(now, target, isApplicationLimited), useful);
        if (bitrate < target * MinGain)
        {
            return false;
        }

        _second = bitrate == useful ? 0 : _second;
        _further = bitrate == useful ? long.MaxValue : (long)(bitrate * FurtherAbove);
        _lastProbe = now;
        _wantsMore = false;
        return true;
    }

    private long Choose(TimeSpan now, long target, bool isApplicationLimited)
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            _second = start * SecondScale;
            return start * FirstScale;
        }

        if (_second > 0)
        {
            var second = _second;
            _second = 0;
            return second;
        }

        var sinceLast = now - _lastProbe;
        if (sinceLast <= ResultWithin)
        {
            return target > _further ? target * FurtherScale : 0;
        }

        if (_hasRecovered && now - _dropAt < RecoversWithin && isApplicationLimited)
        {
            var before = (long)(_beforeDrop * AfterDrop);
            (_beforeDrop, _hasRecovered) = (0, false);
            return before;
        }

        var isDue = sinceLast >= Interval && (isApplicationLimited || now - _lastGrowth >= Interval);
        return _wantsMore || isDue ? target * FurtherScale : 0;
    }
}
