namespace Parley.Media.Congestion;

/// <summary>
/// The rate at which packets arrive (draft-ietf-rmcat-gcc-02 §5.5, R_hat): samples of 150 ms, weighted by how far they are
/// from what is known already, as libwebrtc does.
/// </summary>
internal sealed class AckedBitrateEstimator
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(150);

    /// <summary>What arrived out of order came with the one before it; longer ago than this it is another clock.</summary>
    private static readonly TimeSpan MaxReordering = TimeSpan.FromSeconds(1);

    // As libwebrtc has them.
    private const double InitialVariance = 50;
    private const double VarianceOfTime = 5;
    private const double FastVariance = 200;
    private const double Uncertainty = 10;

    private TimeSpan? _last;
    private TimeSpan _elapsed;
    private long _bytes;
    private double _kilobits = -1;
    private double _variance = InitialVariance;

    /// <summary>In bit/s; zero while it is not known.</summary>
    internal long Bitrate => _kilobits < 0 ? 0 : (long)Math.Round(_kilobits * 1000);

    /// <summary>What is sent changes now: believe the next samples sooner.</summary>
    internal void ExpectFastChange() => _variance += FastVariance;

    /// <summary>Begins anew with a rate: what arrived before says nothing any more.</summary>
    internal void Restart(long bitrate)
    {
        (_kilobits, _variance) = (bitrate / 1000.0, InitialVariance);
        (_bytes, _elapsed) = (0, TimeSpan.Zero);
    }

    internal void OnReceived(int bytes, TimeSpan arrival)
    {
        var last = _last ?? arrival;
        if (arrival < last)
        {
            if (last - arrival > MaxReordering)
            {
                _bytes = 0;
                _elapsed = TimeSpan.Zero;
                _last = arrival;
                return;
            }

            arrival = last;
        }

        var window = _kilobits < 0 ? FirstWindow : Window;
        _elapsed += arrival - last;
        if (arrival - last > window)
        {
            // A pause is no sample.
            _bytes = 0;
            _elapsed = new TimeSpan(_elapsed.Ticks % window.Ticks);
        }

        _last = arrival;
        if (_elapsed >= window)
        {
            AddSample(_bytes * 8 / window.TotalMilliseconds);
            _elapsed -= window;
            _bytes = 0;
        }

        _bytes += bytes;
    }

    private void AddSample(double sample)
    {
        if (_kilobits < 0)
        {
            _kilobits = sample;
            return;
        }

        var uncertainty = Uncertainty * Math.Abs(_kilobits - sample) / Math.Max(_kilobits, 1);
        var sampleVariance = uncertainty * uncertainty;
        var variance = _variance + VarianceOfTime;
        _kilobits = (sampleVariance * _kilobits + variance * sample) / (sampleVariance + variance);
        _variance = sampleVariance * variance / (sampleVariance + variance);
    }
}
