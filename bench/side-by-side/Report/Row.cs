using Parley.Terminal.Load;

namespace Parley.SideBySide.Report;

/// <summary>What one server did with video.</summary>
internal sealed record Row : ServerRow
{
    /// <summary>All of the server's CPU over the packets that came to the receivers.</summary>
    public required double CpuMicrosecondsPerPacket { get; init; }

    public required double PacketsPerSecond { get; init; }

    public required double MegabitsPerSecond { get; init; }

    public required double LossPercent { get; init; }

    /// <summary>What came of what was sent to the server, times those it was for; a queue that grows makes it less, and no loss.</summary>
    public required double DeliveredPercent { get; init; }

    /// <summary>All loads are tried: how a server fails is of interest too.</summary>
    public override bool IsOverloaded => false;

    public required double DelayMeanMs { get; init; }

    public required double DelayP50Ms { get; init; }

    public required double DelayP99Ms { get; init; }

    public required double DelayP999Ms { get; init; }

    public static Row Of(string server, Scenario scenario, LoadOutcome outcome, long idleMemory, int attempt)
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
