using System.Diagnostics.Metrics;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>The counts of one media worker, in the meter "Parley.Media". They are read when someone asks: a packet pays nothing for it.</summary>
internal sealed class MediaMetrics : IDisposable
{
    private static readonly DropReason[] Reasons = Enum.GetValues<DropReason>();

    /// <param name="counters">What the engine counts.</param>
    /// <param name="sendErrors">Datagrams the system refused to send.</param>
    public MediaMetrics(MediaCounters counters, Func<long> sendErrors)
    {
        Meter.CreateObservableCounter("parley.media.datagrams.received", () => counters.Received, "{datagram}");
        Meter.CreateObservableCounter("parley.media.bytes.received", () => counters.ReceivedBytes, "By");
        Meter.CreateObservableCounter(
            "parley.media.datagrams.dropped",
            () => Reasons.Select(reason => new Measurement<long>(
                counters.Dropped(reason), new KeyValuePair<string, object?>("reason", reason.ToString()))),
            "{datagram}");
        Meter.CreateObservableCounter("parley.media.send_errors", sendErrors, "{datagram}");
    }

    internal Meter Meter { get; } = new("Parley.Media");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();
}
