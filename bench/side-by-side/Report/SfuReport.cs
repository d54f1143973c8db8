namespace Parley.SideBySide.Report;

/// <summary>What a run found.</summary>
internal sealed record SfuReport(IReadOnlyList<Row> Rows)
{
    /// <summary>The others against Parley, wherever both were measured.</summary>
    public IReadOnlyList<Ratio> Ratios =>
    [
        .. from parley in Rows
           where parley.Server == "parley" && parley.CpuMicrosecondsPerPacket > 0
           from other in Rows
           where other.Server != "parley" && other.Scenario == parley.Scenario && other.CpuMicrosecondsPerPacket > 0
           select new Ratio(other.Server, other.Scenario, other.CpuMicrosecondsPerPacket / parley.CpuMicrosecondsPerPacket),
    ];

    /// <summary>Of each server, over all loads.</summary>
    public IReadOnlyList<Highest> HighestRates =>
    [
        .. from row in Rows
           where Highest.IsSound(row)
           group row by row.Server into server
           let best = server.MaxBy(row => row.PacketsPerSecond)!
           select new Highest(server.Key, best.PacketsPerSecond, best.Scenario),
    ];
}
