namespace Parley.SideBySide.Report;

/// <summary>What one server did under one load. As JSON its properties are the interface for scripts: some may be added, none renamed.</summary>
internal sealed record Row
{
    public required string Server { get; init; }

    public required string Scenario { get; init; }

    public required int Participants { get; init; }

    /// <summary>Who got all there was for them.</summary>
    public required int WithMedia { get; init; }

    /// <summary>How media was protected.</summary>
    public required string? Protection { get; init; }

    /// <summary>100 is one core.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>All of the server's CPU over the packets that came to the receivers.</summary>
    public required double CpuMicrosecondsPerPacket { get; init; }

    public required double PacketsPerSecond { get; init; }

    public required double MegabitsPerSecond { get; init; }

    public required double LossPercent { get; init; }

    /// <summary>What came of what was sent to the server, times those it was for; a queue that grows makes it less, and no loss.</summary>
    public required double DeliveredPercent { get; init; }

    public required double DelayMeanMs { get; init; }

    public required double DelayP50Ms { get; init; }

    public required double DelayP99Ms { get; init; }

    public required double DelayP999Ms { get; init; }

    /// <summary>Resident, at the end.</summary>
    public required double MemoryMegabytes { get; init; }

    /// <summary>What it grew by since before the first join.</summary>
    public required double MemoryPerParticipantKilobytes { get; init; }

    public required double GeneratorCpuPercent { get; init; }

    public required double GeneratorMicrosecondsPerPacket { get; init; }

    /// <summary>Datagrams that the system dropped at the generator's sockets: above 0 the row says nothing of the server.</summary>
    public required long GeneratorDrops { get; init; }

    /// <summary>What others used of the machine.</summary>
    public required double OthersPercent { get; init; }

    /// <summary>How often it was measured; the last time counts.</summary>
    public required int Attempts { get; init; }

    /// <summary>What went wrong with a participant; null when nothing did.</summary>
    public required string? Problem { get; init; }
}
