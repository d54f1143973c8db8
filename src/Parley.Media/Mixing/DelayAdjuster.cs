namespace Parley.Media.Mixing;

/// <summary>Which way to change a jitter buffer's delay.</summary>
internal enum DelayChange
{
    /// <summary>Leave it.</summary>
    None,

    /// <summary>Play faster.</summary>
    Lower,

    /// <summary>Play slower.</summary>
    Raise,
}

/// <summary>How a jitter buffer's delay should change.</summary>
/// <param name="Change">Which way.</param>
/// <param name="Samples">By how much at most.</param>
/// <param name="IsUrgent">Whether it has waited so long for a good place that any must do.</param>
internal readonly record struct DelayAdjustment(DelayChange Change, int Samples, bool IsUrgent);

/// <summary>
/// Decides when a jitter buffer's delay is moved towards its target, by a pitch period at a time. What is lowered never has to be raised again, so
/// it does not swing.
/// </summary>
internal sealed class DelayAdjuster
{
    /// <summary>How far below the target is still good.</summary>
    public static readonly TimeSpan LowerSlack = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan MuchExcess = TimeSpan.FromMilliseconds(60);

    /// <summary>How long a delay must be too long before that is believed, and after how long a change is urgent.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A period of at most 15 ms in so long: speech at most 15 % faster, or a quarter when the delay is too short or much too long.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(60);

    private TimeSpan _highSince = TimeSpan.MaxValue;
    private TimeSpan _lowSince = TimeSpan.MaxValue;
    private TimeSpan _lastChange = TimeSpan.MinValue;

    /// <summary>Begins anew, as when a stream starts to play.</summary>
    public void Reset() => _highSince = _lowSince = TimeSpan.MaxValue;

    /// <summary>Decides.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="error">How much longer before it is wanted than the target a packet may come.</param>
    /// <param name="spare">Samples that will be left over when the next packet is wanted: they cost delay and bring nothing.</param>
    public DelayAdjustment Decide(TimeSpan now, TimeSpan error, int spare)
    {
        var excess = error >= AudioFormat.Tick ? spare + AudioFormat.FrameSamples : spare;
        _highSince = excess < AudioFormat.FadeSamples ? TimeSpan.MaxValue : Min(_highSince, now);
        _lowSince = error >= -LowerSlack ? TimeSpan.MaxValue : Min(_lowSince, now);
        var isMuch = error >= MuchExcess;
        if (!Has(now, _lastChange, isMuch || error < -LowerSlack ? ShortInterval : Interval)) return default;
        if (_lowSince <= now) return new DelayAdjustment(DelayChange.Raise, TimeStretcher.MaxPeriod, Has(now, _lowSince, Patience));
        return isMuch || Has(now, _highSince, Settle)
            ? new DelayAdjustment(DelayChange.Lower, excess, Has(now, _highSince, Patience))
            : default;
    }

    /// <summary>Says that the delay was changed.</summary>
    public void OnChanged(TimeSpan now) => _lastChange = now;

    private static bool Has(TimeSpan now, TimeSpan since, TimeSpan lasted) => since <= now && now - lasted >= since;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
