namespace Parley.SideBySide.Report;

/// <summary>
/// What one server did under one load, whatever that was of. As JSON its properties are the interface for scripts: some may be added, none
/// renamed.
/// </summary>
internal abstract record ServerRow
{
    /// <summary>Above that a row is measured again.</summary>
    public const double MostOthersPercent = 5;

    public required string Server { get; init; }

    public required string Scenario { get; init; }

    public required int Participants { get; init; }

    /// <summary>Who got all there was for them.</summary>
    public required int WithMedia { get; init; }

    /// <summary>How media was protected.</summary>
    public required string? Protection { get; init; }

    /// <summary>100 is one core.</summary>
    public required double CpuPercent { get; init; }

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

    /// <summary>Whether a larger load need not be tried.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public abstract bool IsOverloaded { get; }

    /// <summary>What went wrong with a participant; null when nothing did.</summary>
    public required string? Problem { get; init; }
}
