using System.Diagnostics.Metrics;
using Parley.Media;
using Parley.Media.Session;
using Parley.Sockets;

namespace Parley.Server.MediaHost;

/// <summary>
/// The counts of the media workers, each with its number, in the meter "Parley.Media". They are read when someone asks: a packet pays nothing for it.
/// </summary>
internal sealed class MediaMetrics : IDisposable
{
    private static readonly DropReason[] Drops = Enum.GetValues<DropReason>();
    private static readonly Occurrence[] Occurrences = Enum.GetValues<Occurrence>();
    private static readonly SendFailure[] Failures = Enum.GetValues<SendFailure>();
    private static readonly TcpEnd[] Ends = Enum.GetValues<TcpEnd>();
    private static readonly double[] Quantiles = [0.5, 0.99, 1];

    private readonly IReadOnlyList<MediaWorker> _workers;

    /// <param name="workers">In the order of their numbers, from 1.</param>
    public MediaMetrics(IReadOnlyList<MediaWorker> workers)
    {
        _workers = workers;
        Count("parley.media.datagrams.received", "{datagram}", worker => worker.Engine.Counters.Received);
        Count("parley.media.bytes.received", "By", worker => worker.Engine.Counters.ReceivedBytes);
        Count("parley.media.datagrams.dropped", "{datagram}", "reason", Drops, (worker, reason) => worker.Engine.Counters.Dropped(reason));
        Count("parley.media.occurrences", "{occurrence}", "kind", Occurrences, (worker, kind) => worker.Engine.Counters.Count(kind));
        Count("parley.media.datagrams.sent", "{datagram}", worker => worker.Sent.Datagrams);
        Count("parley.media.bytes.sent", "By", worker => worker.Sent.Bytes);
        Count("parley.media.send.calls", "{call}", worker => worker.Sent.Calls);
        Count("parley.media.send.failed", "{datagram}", "reason", Failures, (worker, reason) => worker.Sent.Failed(reason));
        Meter.CreateObservableGauge("parley.media.segmenting", () => Each(worker => worker.IsSegmenting ? 1 : 0));
        Meter.CreateObservableGauge("parley.media.busy", () => Each(worker => worker.Busy.Value));
        Meter.CreateObservableGauge(
            "parley.media.delay",
            () => Each(Quantiles, "quantile", (worker, quantile) => (quantile < 1 ? worker.Delays.Quantile(quantile) : worker.Delays.Max).TotalMicroseconds),
            "us");
        Meter.CreateObservableUpDownCounter("parley.media.meetings", () => Each(worker => worker.Meetings), "{meeting}");
        Meter.CreateObservableUpDownCounter("parley.media.connections", () => Each(worker => worker.Connections), "{connection}");
        if (!workers.Any(worker => worker.Tcp is not null)) return;
        Meter.CreateObservableUpDownCounter("parley.media.tcp.connections", () => Each(worker => worker.Tcp?.Count ?? 0), "{connection}");
        Count("parley.media.tcp.dropped", "{datagram}", worker => worker.Tcp?.Dropped ?? 0);
        Count("parley.media.tcp.ended", "{connection}", "reason", Ends, (worker, reason) => worker.Tcp?.CountOf(reason) ?? 0);
    }

    internal Meter Meter { get; } = new("Parley.Media");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void Count(string name, string unit, Func<MediaWorker, long> read) => Meter.CreateObservableCounter(name, () => Each(read), unit);

    private void Count<T>(string name, string unit, string tag, T[] values, Func<MediaWorker, T, long> read) =>
        Meter.CreateObservableCounter(name, () => Each(values, tag, read), unit);

    private IEnumerable<Measurement<T>> Each<T>(Func<MediaWorker, T> read) where T : struct =>
        _workers.Select((worker, i) => new Measurement<T>(read(worker), Number(i)));

    private IEnumerable<Measurement<T>> Each<TValue, T>(TValue[] values, string tag, Func<MediaWorker, TValue, T> read) where T : struct =>
        _workers.SelectMany((worker, i) => values.Select(
            value => new Measurement<T>(read(worker, value), Number(i), new KeyValuePair<string, object?>(tag, value is double figure ? figure : value?.ToString()))));

    private static KeyValuePair<string, object?> Number(int index) => new("worker", index + 1);
}
