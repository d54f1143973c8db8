using System.Diagnostics.Metrics;
using Parley.Media.Session;

namespace Parley.Server.MediaHost;

/// <summary>The counts of one media worker, in the meter "Parley.Media". They are read when someone asks: a packet pays nothing for it.</summary>
internal sealed class MediaMetrics : IDisposable
{
    private static readonly DropReason[] Reasons = Enum.GetValues<DropReason>();
    private static readonly TcpEnd[] Ends = Enum.GetValues<TcpEnd>();

    /// <param name="counters">What the engine counts.</param>
    /// <param name="sendErrors">Datagrams the system refused to send.</param>
    /// <param name="tcp">The TCP port; null for none.</param>
    public MediaMetrics(MediaCounters counters, Func<long> sendErrors, TcpPort? tcp)
    {
        Meter.CreateObservableCounter("parley.media.datagrams.received", () => counters.Received, "{datagram}");
        Meter.CreateObservableCounter("parley.media.bytes.received", () => counters.ReceivedBytes, "By");
        Meter.CreateObservableCounter(
            "parley.media.datagrams.dropped",
            () => Reasons.Select(reason => new Measurement<long>(
                counters.Dropped(reason), new KeyValuePair<string, object?>("reason", reason.ToString()))),
            "{datagram}");
        Meter.CreateObservableCounter("parley.media.send_errors", sendErrors, "{datagram}");
        if (tcp is null) return;
        Meter.CreateObservableUpDownCounter("parley.media.tcp.connections", () => tcp.Count, "{connection}");
        Meter.CreateObservableCounter("parley.media.tcp.dropped", () => tcp.Dropped, "{datagram}");
        Meter.CreateObservableCounter(
            "parley.media.tcp.ended",
            () => Ends.Select(end => new Measurement<long>(tcp.CountOf(end), new KeyValuePair<string, object?>("reason", end.ToString()))),
            "{connection}");
    }

    internal Meter Meter { get; } = new("Parley.Media");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();
}
