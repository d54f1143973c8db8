namespace Parley.Media.Congestion;

/// <summary>
/// The receiver's clock without its wrap-arounds: the reference time of transport-wide feedback has 24 bits of 64 ms
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
/// </summary>
internal struct ArrivalClock
{
    private const long Period = (1L << 24) * 64 * TimeSpan.TicksPerMillisecond;

    private long _last;
    private bool _started;

    /// <summary>Places an arrival nearest to the one before it.</summary>
    internal TimeSpan Unwrap(TimeSpan arrival)
    {
        if (!_started)
        {
            _started = true;
            _last = arrival.Ticks;
            return arrival;
        }

        var step = (arrival.Ticks - _last) % Period;
        step = step >= Period / 2 ? step - Period : step < -Period / 2 ? step + Period : step;
        _last += step;
        return new TimeSpan(_last);
    }
}
