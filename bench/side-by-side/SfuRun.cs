using Parley.Client;
using Parley.SideBySide.Janus;
using Parley.SideBySide.Report;
using Parley.SideBySide.Servers;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>Starts each server anew for each load, and measures it.</summary>
internal sealed class SfuRun(IReadOnlyList<IServer> servers, IReadOnlyList<Scenario> scenarios, Action<Row> onRow, Action<string> onFailure)
{
    /// <summary>Above that a row is measured again.</summary>
    public const double MostOthersPercent = 5;

    private const int MostAttempts = 3;

    /// <summary>How many rows there are to be.</summary>
    public int Count => servers.Count * scenarios.Count;

    /// <summary>Whether a server, not the bench, is at fault.</summary>
    public static bool IsFailure(Exception e) => e is JanusException or ParleyException or InvalidOperationException;

    public async Task<SfuReport> RunAsync(CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var scenario in scenarios)
        {
            foreach (var server in servers)
            {
                try
                {
                    var row = await MeasureInPeaceAsync(server, scenario, cancellation).ConfigureAwait(false);
                    rows.Add(row);
                    onRow(row);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    onFailure($"{server.Name}, {scenario.Name}: NOT MEASURED: {e.Message}");
                }
            }
        }

        return new SfuReport(rows);
    }

    private static async Task<Row> MeasureInPeaceAsync(IServer server, Scenario scenario, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var row = await MeasureAsync(server, scenario, attempt, cancellation).ConfigureAwait(false);
            if (row.OthersPercent <= MostOthersPercent || attempt == MostAttempts) return row;
        }
    }

    private static async Task<Row> MeasureAsync(IServer server, Scenario scenario, int attempt, CancellationToken cancellation)
    {
        await using var process = await server.StartAsync(cancellation).ConfigureAwait(false);
        using var watched = new WatchedProcess(process.Id);
        var idle = watched.Sample()?.Memory ?? 0;
        var outcome = await server.LoadAsync(scenario.Options with { ServerProcess = process.Id }, cancellation).ConfigureAwait(false);
        return RowOf(server.Name, scenario, outcome, idle, attempt);
    }

    internal static Row RowOf(string server, Scenario scenario, LoadOutcome outcome, long idleMemory, int attempt)
    {
        var figures = outcome.Figures;
        var (totals, delays) = (figures.Totals, figures.Delays);
        var memory = figures.ServerMemoryBytes ?? 0;
        return new Row
        {
            Server = server,
            Scenario = scenario.Name,
            Participants = scenario.Options.Participants,
            WithMedia = outcome.WithMedia,
            Protection = outcome.Profile?.ToString(),
            CpuPercent = figures.ServerCpuPercent ?? 0,
            CpuMicrosecondsPerPacket = LoadFigures.Ratio((figures.ServerCpuSeconds ?? 0) * 1e6, totals.VideoReceived),
            PacketsPerSecond = LoadFigures.Ratio(totals.VideoReceived, figures.Seconds),
            MegabitsPerSecond = figures.MegabitsReceivedPerSecond,
            LossPercent = figures.VideoLossPercent,
            DeliveredPercent = LoadFigures.Ratio(100.0 * totals.VideoReceived, totals.VideoSent * scenario.FanOut),
            DelayMeanMs = delays.Mean / 1e3,
            DelayP50Ms = delays.Quantile(0.5) / 1e3,
            DelayP99Ms = delays.Quantile(0.99) / 1e3,
            DelayP999Ms = delays.Quantile(0.999) / 1e3,
            MemoryMegabytes = memory / 1e6,
            MemoryPerParticipantKilobytes = (memory - idleMemory) / 1e3 / scenario.Options.Participants,
            GeneratorCpuPercent = figures.OwnCpuPercent,
            GeneratorMicrosecondsPerPacket = figures.OwnCpuMicrosecondsPerPacket,
            GeneratorDrops = figures.OwnDrops ?? 0,
            OthersPercent = figures.OthersPercent ?? 0,
            Attempts = attempt,
            Problem = outcome.Problem,
        };
    }
}
