using System.Globalization;

namespace Parley.SideBySide.Report;

/// <summary>A run of mixing as people read it.</summary>
internal static class MixText
{
    /// <summary>The columns of <see cref="Line"/>.</summary>
    public static IEnumerable<string> Head()
    {
        yield return "| server | meetings × participants | CPU % (of each) | packets/s each | lost % | later ms p50 / p99 / max | over 20 ms late | MB (kB each) | generator: CPU % |";
        yield return "|---|---|---|---|---|---|---|---|---|";
    }

    /// <summary>One row.</summary>
    public static string Line(MixRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Server} | {row.Scenario} | {row.CpuPercent:0.0} ({row.CpuPercentPerParticipant:0.0000}) | {row.PacketsPerSecondEach:0.0} | {row.LossPercent:0.###} "
        + $"| {row.LatenessP50Ms:0.00} / {row.LatenessP99Ms:0.00} / {row.LatenessMaxMs:0.0} | {row.Late:N0} | {row.MemoryMegabytes:N0} ({row.MemoryPerParticipantKilobytes:N0}) | {row.GeneratorCpuPercent:0.0} |");

    /// <summary>What follows from all rows.</summary>
    public static IEnumerable<string> Of(MixReport report)
    {
        foreach (var server in report.Rows.Where(row => row.Protection is not null).GroupBy(row => row.Server))
            yield return $"protection: {server.Key} chose {string.Join(", ", server.Select(row => row.Protection).Distinct())}";
        foreach (var server in report.Rows.GroupBy(row => row.Server))
        {
            yield return server.FirstOrDefault(row => row.Late > 0) is { } late
                ? Of($"first packet over 20 ms late: {server.Key} at {late.Scenario}")
                : Of($"first packet over 20 ms late: {server.Key} had none up to {server.Last().Scenario}");
        }

        foreach (var ratio in report.Ratios) yield return Of($"CPU per participant, {ratio.Scenario}: {ratio.Server} takes {ratio.Cpu:0.0} times what parley takes");
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
