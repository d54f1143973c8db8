namespace Parley.Media.Congestion;

/// <summary>
/// Whether so much less is sent than the estimate allows that what arrives says little of the path. A budget of half a second
/// at 65 % of the estimate fills while little is sent and empties while much is.
/// </summary>
internal sealed class ApplicationLimitedDetector
{
    // As libwebrtc has them.
    private const double Usage = 0.65;
    private const double StartsAbove = 0.8;
    private const double EndsBelow = 0.5;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    private double _capacity;
    private double _left;
    private TimeSpan? _last;

    internal bool IsApplicationLimited { get; private set; }

    internal void SetEstimate(long bitrate)
    {
        _capacity = bitrate / 8.0 * Usage * Window.TotalSeconds;
        _left = Math.Clamp(_left, -_capacity, _capacity);
    }

    /// <summary>Counts what was sent, also nothing.</summary>
    internal void OnSent(int bytes, TimeSpan now)
    {
        var elapsed = now - (_last ?? now);
        _last = now;
        _left = Math.Max(_left - bytes, -_capacity);
        _left = Math.Min(_left + _capacity * (elapsed / Window), _capacity);
        IsApplicationLimited = _left > (IsApplicationLimited ? EndsBelow : StartsAbove) * _capacity;
    }
}
