using System.Globalization;

namespace Parley.SideBySide.Report;

/// <summary>A run's figures as people read them.</summary>
internal static class SfuText
{
    /// <summary>The columns of <see cref="Line"/>.</summary>
    public static IEnumerable<string> Head()
    {
        yield return "| server | load | CPU % | µs / packet | packets/s | Mb/s | lost % | delay ms mean / p50 / p99 / p99.9 | MB (kB each) | generator: CPU %, µs / packet |";
        yield return "|---|---|---|---|---|---|---|---|---|---|";
    }

    /// <summary>One row.</summary>
    public static string Line(Row row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Server} | {row.Scenario} | {row.CpuPercent:0.0} | {row.CpuMicrosecondsPerPacket:0.00} | {row.PacketsPerSecond:N0} | {row.MegabitsPerSecond:N0} | {row.LossPercent:0.###} "
        + $"| {row.DelayMeanMs:0.00} / {row.DelayP50Ms:0.00} / {row.DelayP99Ms:0.00} / {row.DelayP999Ms:0.00} | {row.MemoryMegabytes:N0} ({row.MemoryPerParticipantKilobytes:N0}) "
        + $"| {row.GeneratorCpuPercent:0.0}, {row.GeneratorMicrosecondsPerPacket:0.00} |");

    /// <summary>What follows from all rows.</summary>
    public static IEnumerable<string> Of(SfuReport report)
    {
        foreach (var server in report.Rows.Where(row => row.Protection is not null).GroupBy(row => row.Server))
            yield return $"protection: {server.Key} chose {string.Join(", ", server.Select(row => row.Protection).Distinct())}";
        foreach (var highest in report.HighestRates)
            yield return Of($"highest rate with at most {Highest.MostLossPercent} % lost: {highest.Server} {highest.PacketsPerSecond:N0} packets/s ({highest.Scenario})");
        foreach (var ratio in report.Ratios)
            yield return Of($"CPU per packet, {ratio.Scenario}: {ratio.Server} takes {ratio.Cpu:0.0} times what parley takes");
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
