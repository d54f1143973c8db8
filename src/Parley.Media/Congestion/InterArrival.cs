namespace Parley.Media.Congestion;

/// <summary>
/// Groups packets that were sent within 5 ms and tells how much longer or shorter than between their sending the time between
/// the arrivals of two groups was (draft-ietf-rmcat-gcc-02 §5.2).
/// </summary>
internal sealed class InterArrival
{
    /// <summary>What is sent within this time is one group (§5.2).</summary>
    internal static readonly TimeSpan GroupLength = TimeSpan.FromMilliseconds(5);

    /// <summary>Packets that were queued and arrive together are one group, at most this long, as libwebrtc does.</summary>
    private static readonly TimeSpan MaxBurst = TimeSpan.FromMilliseconds(100);

    /// <summary>When the receiver's clock leaps by more than this, all begins anew, as in libwebrtc.</summary>
    private static readonly TimeSpan MaxClockStep = TimeSpan.FromSeconds(3);

    /// <summary>So many groups in a row that arrived before the one sent before them are a clock that was set back.</summary>
    private const int MaxReorderedGroups = 3;

    private Group _current;
    private Group _previous;
    private int _reordered;

    /// <summary>Takes the next packet, in order of numbers. True when it begins a group, so that two are complete to compare.</summary>
    internal bool TryGetDeltas(TimeSpan sent, TimeSpan arrival, TimeSpan now, out TimeSpan sendDelta, out TimeSpan arrivalDelta)
    {
        sendDelta = arrivalDelta = TimeSpan.Zero;
        if (!_current.HasStarted)
        {
            _current = new Group(sent, arrival, now);
            return false;
        }

        if (sent < _current.FirstSent)
        {
            return false;
        }

        if (sent - _current.FirstSent <= GroupLength || BelongsToBurst(sent, arrival))
        {
            _current.Add(sent, arrival, now);
            return false;
        }

        var isComparable = _previous.HasStarted;
        if (isComparable)
        {
            sendDelta = _current.LastSent - _previous.LastSent;
            arrivalDelta = _current.LastArrival - _previous.LastArrival;
            if ((arrivalDelta - (_current.Reported - _previous.Reported)).Duration() >= MaxClockStep)
            {
                Reset();
                return false;
            }

            if (arrivalDelta < TimeSpan.Zero)
            {
                if (++_reordered >= MaxReorderedGroups)
                {
                    Reset();
                    return false;
                }

                isComparable = false;
            }
            else
            {
                _reordered = 0;
            }
        }

        _previous = _current;
        _current = new Group(sent, arrival, now);
        return isComparable;
    }

    internal void Reset()
    {
        _current = default;
        _previous = default;
        _reordered = 0;
    }

    private bool BelongsToBurst(TimeSpan sent, TimeSpan arrival)
    {
        var sinceLast = arrival - _current.LastArrival;
        return sinceLast < sent - _current.LastSent && sinceLast <= GroupLength
            && arrival >= _current.FirstArrival && arrival - _current.FirstArrival < MaxBurst;
    }

    private struct Group(TimeSpan sent, TimeSpan arrival, TimeSpan now)
    {
        internal bool HasStarted { get; } = true;

        internal TimeSpan FirstSent { get; } = sent;

        internal TimeSpan LastSent { get; private set; } = sent;

        internal TimeSpan FirstArrival { get; } = arrival;

        internal TimeSpan LastArrival { get; private set; } = arrival;

        /// <summary>When we were told of it.</summary>
        internal TimeSpan Reported { get; private set; } = now;

        internal void Add(TimeSpan sent, TimeSpan arrival, TimeSpan now)
        {
            LastSent = sent > LastSent ? sent : LastSent;
            LastArrival = arrival > LastArrival ? arrival : LastArrival;
            Reported = now;
        }
    }
}
