using System.Diagnostics.Metrics;
using Parley.Media.Turn;

namespace Parley.Server.TurnHost;

/// <summary>The counts of the TURN server, in the meter "Parley.Turn". They are read when someone asks: a packet pays nothing for it.</summary>
internal sealed class TurnMetrics : IDisposable
{
    private static readonly TurnRefusal[] Reasons = Enum.GetValues<TurnRefusal>();

    /// <param name="server">Whose counts.</param>
    /// <param name="connections">Open TCP and TLS connections.</param>
    public TurnMetrics(TurnServer server, Func<int> connections)
    {
        var counters = server.Counters;
        Meter.CreateObservableUpDownCounter("parley.turn.allocations", () => server.Allocations, "{allocation}");
        Meter.CreateObservableCounter("parley.turn.allocations.made", () => counters.Allocated, "{allocation}");
        Meter.CreateObservableUpDownCounter("parley.turn.connections", connections, "{connection}");
        Meter.CreateObservableCounter(
            "parley.turn.bytes.relayed",
            () => new[] { Relayed("peer", counters.BytesToPeers), Relayed("client", counters.BytesToClients) },
            "By");
        Meter.CreateObservableCounter(
            "parley.turn.refusals",
            () => Reasons.Select(reason => new Measurement<long>(
                counters.Refused(reason), new KeyValuePair<string, object?>("reason", reason.ToString()))),
            "{refusal}");
    }

    internal Meter Meter { get; } = new("Parley.Turn");

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static Measurement<long> Relayed(string to, long bytes) => new(bytes, new KeyValuePair<string, object?>("to", to));
}
