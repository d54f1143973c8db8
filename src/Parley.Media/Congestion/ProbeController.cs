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
    private static readonly TimeSpan ShortProbe = TimeSpan.FromMilliseconds(15);

    /// <summary>On a radio that delays each packet by another time a short probe fails though there is room.</summary>
    private static readonly TimeSpan LongProbe = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ResultWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(5);

    /// <summary>An allocator wants headroom before it raises, and a probe finds a little less than it was sent at.</summary>
    private const double UsefulScale = 1.5;
    private const double EnoughScale = 1.25;

    /// <summary>What is wanted is measured, and wobbles.</summary>
    private const double MinRaise = 1.2;

    private long _second;
    private bool _hasStarted;
    private long _further = long.MaxValue;
    private TimeSpan _lastProbe;
    private long _targetBefore;
    private long _wanted;
    private bool _wantsMore;
    private long _high;
    private TimeSpan _highAt;
    private long _beforeDrop;
    private TimeSpan _dropAt;
    private bool _hasRecovered;

    /// <summary>How long the last probe taken is sent.</summary>
    internal TimeSpan Duration { get; private set; } = ShortProbe;

    internal void OnEstimate(long target, TimeSpan now)
    {
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
    /// <param name="isApplicationLimited">Whether far less is sent than the estimate.</param>
    /// <param name="bitrate">What to probe at.</param>
    internal bool TryTake(TimeSpan now, long target, long wanted, bool isApplicationLimited, out long bitrate)
    {
        _wantsMore |= wanted > _wanted * MinRaise;
        _wanted = Math.Min(_wanted, wanted);
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
        if (now - _lastProbe > ResultWithin)
        {
            Duration = target < _targetBefore * MinGain ? LongProbe : ShortProbe;
            _targetBefore = target;
        }

        _lastProbe = now;
        _wanted = wanted;
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

        // libwebrtc probes again only while application-limited. What we send comes in steps, the layers: it may be near the
        // estimate, so that this grows but slowly, and far below what the path bears.
        return _wantsMore || sinceLast >= Interval ? target * FurtherScale : 0;
    }
}
