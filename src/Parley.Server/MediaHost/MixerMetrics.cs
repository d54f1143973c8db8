using System.Diagnostics.Metrics;

namespace Parley.Server.MediaHost;

/// <summary>What the mixer threads count, each with its worker's number, in the meter "Parley.Mixer". Read when someone asks.</summary>
internal sealed class MixerMetrics : IDisposable
{
    private static readonly double[] Quantiles = [0.5, 0.99, 1];

    private readonly IReadOnlyList<MixerThread> _threads;

    /// <param name="threads">In the order of their numbers, from 1.</param>
    public MixerMetrics(IReadOnlyList<MixerThread> threads)
    {
        _threads = threads;
        Meter.CreateObservableGauge("parley.mixer.load", () => Each(thread => thread.Load));
        Meter.CreateObservableGauge("parley.mixer.lateness", Lateness, "us");
        Meter.CreateObservableCounter("parley.mixer.ticks.skipped", () => Each(thread => thread.Skipped), "{tick}");
        Meter.CreateObservableCounter("parley.mixer.shortages", () => Each(thread => thread.Shortages), "{shortage}");
    }

    internal Meter Meter { get; } = new("Parley.Mixer");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<T>> Each<T>(Func<MixerThread, T> read) where T : struct =>
        _threads.Select((thread, i) => new Measurement<T>(read(thread), Number(i)));

    private IEnumerable<Measurement<double>> Lateness() =>
        _threads.SelectMany((thread, i) => Quantiles.Select(quantile => new Measurement<double>(
            (quantile < 1 ? thread.Lateness.Quantile(quantile) : thread.Lateness.Max).TotalMicroseconds, Number(i), new KeyValuePair<string, object?>("quantile", quantile))));

    private static KeyValuePair<string, object?> Number(int index) => new("worker", index + 1);
}
