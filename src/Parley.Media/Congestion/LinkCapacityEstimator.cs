namespace Parley.Media.Congestion;

/// <summary>
/// What came through when queues grew: near it the rate is raised by little (draft-ietf-rmcat-gcc-02 §5.5: the average and
/// the standard deviation of R_hat at decreases).
/// </summary>
internal struct LinkCapacityEstimator
{
    // As libwebrtc has them: the variance is normalized by the estimate, in kb/s.
    private const double Smoothing = 0.05;
    private const double MinDeviation = 0.4;
    private const double MaxDeviation = 2.5;
    private const double Deviations = 3;

    private double _kilobits;
    private double _deviation;

    internal readonly bool HasEstimate => _kilobits > 0;

    /// <summary>In bit/s.</summary>
    internal readonly long Estimate => (long)(_kilobits * 1000);

    internal readonly bool IsAbove(long bitrate) => HasEstimate && bitrate / 1000.0 < _kilobits - Range;

    internal readonly bool IsBelow(long bitrate) => HasEstimate && bitrate / 1000.0 > _kilobits + Range;

    private readonly double Range => Deviations * Math.Sqrt(_deviation * _kilobits);

    internal void Reset() => _kilobits = 0;

    internal void OnOveruse(long acked)
    {
        var sample = acked / 1000.0;
        if (!HasEstimate)
        {
            _kilobits = sample;
            _deviation = MinDeviation;
            return;
        }

        _kilobits += Smoothing * (sample - _kilobits);
        var error = (_kilobits - sample) * (_kilobits - sample) / Math.Max(_kilobits, 1);
        _deviation = Math.Clamp(_deviation + Smoothing * (error - _deviation), MinDeviation, MaxDeviation);
    }
}
