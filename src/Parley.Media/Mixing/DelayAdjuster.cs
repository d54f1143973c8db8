namespace Parley.Media.Mixing;

/// <summary>Whether to change a jitter buffer's delay now.</summary>
internal enum DelayAdjustment
{
    /// <summary>Leave it.</summary>
    Keep,

    /// <summary>Leave out what comes next.</summary>
    Lower,

    /// <summary>Put 20 ms in.</summary>
    Raise,
}

/// <summary>What leaving out the next thing would bring.</summary>
/// <param name="Time">By how much the delay would fall.</param>
/// <param name="IsHole">Whether it is a hole that would only be concealed.</param>
internal readonly record struct DropGain(TimeSpan Time, bool IsHole);

/// <summary>
/// Decides when a jitter buffer's delay is moved towards its target. The band in which nothing happens is wider than one
/// step, so it never swings; a change waits for a quiet moment or a hole that is concealed anyway, and only much too long a
/// delay, for long, is cut within speech.
/// </summary>
internal sealed class DelayAdjuster
{
    /// <summary>How far below the target is still good.</summary>
    public static readonly TimeSpan LowerSlack = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Excess = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MuchExcess = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan SettleQuiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SettleSpeech = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IntervalQuiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IntervalSpeech = TimeSpan.FromMilliseconds(500);

    private TimeSpan _excessSince = TimeSpan.MaxValue;
    private TimeSpan _muchExcessSince = TimeSpan.MaxValue;
    private TimeSpan _lastChange = TimeSpan.MinValue;

    /// <summary>Begins anew, as when a stream starts to play.</summary>
    public void Reset() => _excessSince = _muchExcessSince = TimeSpan.MaxValue;

    /// <summary>Decides.</summary>
    /// <param name="now">When the next thing would be played.</param>
    /// <param name="error">The delay minus its target.</param>
    /// <param name="isQuiet">Whether a frame more or less would not be heard.</param>
    /// <param name="gain">What leaving out the next thing would bring.</param>
    public DelayAdjustment Decide(TimeSpan now, TimeSpan error, bool isQuiet, DropGain gain)
    {
        _excessSince = error < Excess ? TimeSpan.MaxValue : Min(_excessSince, now);
        _muchExcessSince = error < MuchExcess ? TimeSpan.MaxValue : Min(_muchExcessSince, now);

        // Never so far that the delay would have to be raised again.
        var mayLower = error >= Excess && error - gain.Time >= -LowerSlack;
        if (mayLower && (isQuiet || gain.IsHole) && Has(now, _excessSince, SettleQuiet) && Has(now, _lastChange, IntervalQuiet))
        {
            _lastChange = now;
            return DelayAdjustment.Lower;
        }

        if (mayLower && Has(now, _muchExcessSince, SettleSpeech) && Has(now, _lastChange, IntervalSpeech))
        {
            _lastChange = now;
            return DelayAdjustment.Lower;
        }

        if (error < -LowerSlack && (isQuiet || gain.IsHole) && Has(now, _lastChange, IntervalQuiet))
        {
            _lastChange = now;
            return DelayAdjustment.Raise;
        }

        return DelayAdjustment.Keep;
    }

    private static bool Has(TimeSpan now, TimeSpan since, TimeSpan lasted) => since <= now && now - lasted >= since;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
