namespace Parley.SideBySide.Report;

/// <summary>The most packets per second that a server forwarded without losing more than <see cref="MostLossPercent"/>.</summary>
internal sealed record Highest(string Server, double PacketsPerSecond, string Scenario)
{
    public const double MostLossPercent = 0.1;
}
