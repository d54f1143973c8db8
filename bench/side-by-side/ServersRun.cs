using Parley.SideBySide.Report;
using Parley.SideBySide.Servers;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>Starts each server anew for each load, and measures it.</summary>
/// <param name="servers">Which.</param>
/// <param name="scenarios">The loads.</param>
/// <param name="rowOf">What is told of a load: of the server's name, the load, what became of it, the memory before it, and how often it was measured.</param>
/// <param name="onRow">Called with each row.</param>
/// <param name="onFailure">Called where there is none.</param>
internal sealed class ServersRun<TRow>(
    IReadOnlyList<IServer> servers, IReadOnlyList<Scenario> scenarios, Func<string, Scenario, LoadOutcome, long, int, TRow> rowOf, Action<TRow> onRow, Action<string> onFailure)
    where TRow : ServerRow
{
    private const int MostAttempts = 3;

    /// <summary>How many rows there are to be.</summary>
    public int Count => servers.Count * scenarios.Count;

    public async Task<IReadOnlyList<TRow>> RunAsync(CancellationToken cancellation)
    {
        var rows = new List<TRow>();
        var full = new Dictionary<string, Scenario>();
        foreach (var scenario in scenarios)
        {
            foreach (var server in servers)
            {
                if (full.TryGetValue(server.Name, out var last) && scenario.Options.Participants > last.Options.Participants)
                {
                    onFailure($"{server.Name}, {scenario.Name}: LEFT OUT: {last.Name} was more than it could do");
                    continue;
                }

                try
                {
                    var row = await MeasureInPeaceAsync(server, scenario, cancellation).ConfigureAwait(false);
                    rows.Add(row);
                    onRow(row);
                    if (row.IsOverloaded) full.TryAdd(server.Name, scenario);
                }
                catch (Exception e) when (SideBySideCommand.IsFailure(e))
                {
                    onFailure($"{server.Name}, {scenario.Name}: NOT MEASURED: {e.Message}");
                }
            }
        }

        return rows;
    }

    private async Task<TRow> MeasureInPeaceAsync(IServer server, Scenario scenario, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var row = await MeasureAsync(server, scenario, attempt, cancellation).ConfigureAwait(false);
            if (row.OthersPercent <= ServerRow.MostOthersPercent || attempt == MostAttempts) return row;
        }
    }

    private async Task<TRow> MeasureAsync(IServer server, Scenario scenario, int attempt, CancellationToken cancellation)
    {
        await using var process = await server.StartAsync(cancellation).ConfigureAwait(false);
        using var watched = new WatchedProcess(process.Id);
        var idle = watched.Sample()?.Memory ?? 0;
        var outcome = await server.LoadAsync(scenario.Options with { ServerProcess = process.Id }, cancellation).ConfigureAwait(false);
        return rowOf(server.Name, scenario, outcome, idle, attempt);
    }
}
