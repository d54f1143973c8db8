namespace Parley.SideBySide.Report;

/// <summary>The most packets per second that a server forwarded without losing more than <see cref="MostLossPercent"/>.</summary>
internal sealed record Highest(string Server, double PacketsPerSecond, string Scenario)
{
    public const double MostLossPercent = 0.1;

    /// <summary>What is on its way when the measuring ends is no more than the rest.</summary>
    public const double LeastDeliveredPercent = 99;

    /// <summary>Whether a row counts: nothing lost, nobody missing, no queue that grows, and not the generator's fault.</summary>
    public static bool IsSound(Row row) =>
        row.LossPercent <= MostLossPercent && row.DeliveredPercent >= LeastDeliveredPercent && row.WithMedia == row.Participants && row.GeneratorDrops == 0;
}
