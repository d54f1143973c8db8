using System.Diagnostics.Metrics;
using Parley.Media.Dtls;

namespace Parley.Server.MediaHost;

/// <summary>The counters of the DTLS host, in the meter "Parley.Dtls".</summary>
internal static class DtlsMetrics
{
    private static readonly Meter Meter = new("Parley.Dtls");
    private static readonly UpDownCounter<int> HalfOpen = Meter.CreateUpDownCounter<int>("parley.dtls.half_open", "{handshake}");
    private static readonly Counter<long> Handshakes = Meter.CreateCounter<long>("parley.dtls.handshakes", "{handshake}");
    private static readonly Counter<long> Drops = Meter.CreateCounter<long>("parley.dtls.datagrams.dropped", "{datagram}");

    /// <summary>There are none yet, which is a figure too: it is told before the first handshake.</summary>
    public static void None() => HalfOpen.Add(0);

    public static void Began() => HalfOpen.Add(1);

    public static void Ended(DtlsFailure failure)
    {
        HalfOpen.Add(-1);
        Handshakes.Add(1, new KeyValuePair<string, object?>("result", failure == DtlsFailure.None ? "ok" : failure.ToString()));
    }

    public static void Dropped(DtlsFeed reason) => Drops.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
}
