using Parley.Media.Rtp;

namespace Parley.Terminal.Load;

/// <summary>How much later than the fastest before it each packet of a stream of sound comes, by its timestamp. Mutable: keep it in a field.</summary>
internal struct LatenessTracker
{
    private const int ClockRate = 48_000;

    private TimestampUnwrapper _timestamps;
    private double _fastest;
    private bool _hasBegun;

    /// <summary>A packet has come.</summary>
    /// <returns>How late it is, µs.</returns>
    public long OnPacket(uint timestamp, TimeSpan now)
    {
        var transit = now.TotalMicroseconds - (_timestamps.Unwrap(timestamp) * 1e6 / ClockRate);
        _fastest = _hasBegun ? Math.Min(_fastest, transit) : transit;
        _hasBegun = true;
        return (long)(transit - _fastest);
    }
}
