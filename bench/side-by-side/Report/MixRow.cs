using Parley.Terminal.Load;

namespace Parley.SideBySide.Report;

/// <summary>What one server did with sound.</summary>
internal sealed record MixRow : ServerRow
{
    /// <summary>A packet that comes so much later than the fastest of its stream is late, µs: a whole packet's length.</summary>
    public const long LateMicroseconds = 20_000;

    public required double CpuPercentPerParticipant { get; init; }

    /// <summary>To one who listens; 50 when nothing is left out, fewer where pauses are not sent.</summary>
    public required double PacketsPerSecondEach { get; init; }

    public required double LossPercent { get; init; }

    public required double LatenessP50Ms { get; init; }

    public required double LatenessP99Ms { get; init; }

    public required double LatenessMaxMs { get; init; }

    /// <summary>Packets over <see cref="LateMicroseconds"/> late.</summary>
    public required long Late { get; init; }

    /// <summary>Above 1 % late and most of a core gone, or who joined got nothing.</summary>
    public override bool IsOverloaded => (Late > PacketsPerSecondEach * Participants / 100 && CpuPercent > 80) || WithMedia < Participants * 0.9;

    public static MixRow Of(string server, Scenario scenario, LoadOutcome outcome, long idleMemory, int attempt)
    {
        var figures = outcome.Figures;
        var (participants, memory, lateness) = (scenario.Options.Participants, figures.ServerMemoryBytes ?? 0, figures.Lateness);
        return new MixRow
        {
            Server = server,
            Scenario = scenario.Name,
            Participants = participants,
            WithMedia = outcome.WithMedia,
            Protection = outcome.Profile?.ToString(),
            CpuPercent = figures.ServerCpuPercent ?? 0,
            CpuPercentPerParticipant = (figures.ServerCpuPercent ?? 0) / participants,
            PacketsPerSecondEach = LoadFigures.Ratio(figures.Totals.AudioReceived, figures.Seconds * participants),
            LossPercent = figures.AudioLossPercent,
            LatenessP50Ms = lateness.Quantile(0.5) / 1e3,
            LatenessP99Ms = lateness.Quantile(0.99) / 1e3,
            LatenessMaxMs = lateness.Max / 1e3,
            Late = lateness.CountAbove(LateMicroseconds),
            MemoryMegabytes = memory / 1e6,
            MemoryPerParticipantKilobytes = (memory - idleMemory) / 1e3 / participants,
            GeneratorCpuPercent = figures.OwnCpuPercent,
            GeneratorMicrosecondsPerPacket = figures.OwnCpuMicrosecondsPerPacket,
            GeneratorDrops = figures.OwnDrops ?? 0,
            OthersPercent = figures.OthersPercent ?? 0,
            Attempts = attempt,
            Problem = outcome.Problem,
        };
    }
}
