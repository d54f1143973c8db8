using System.Diagnostics;

namespace Parley.Terminal.Load;

/// <summary>What happened between two readings.</summary>
internal sealed record LoadFigures
{
    public required double Seconds { get; init; }

    public required LoadTotals Totals { get; init; }

    /// <summary>Since they were last begun anew.</summary>
    public required DelayHistogram Delays { get; init; }

    /// <summary>Of sound, since it was last begun anew: how much later than the fastest of its stream each packet came.</summary>
    public required DelayHistogram Lateness { get; init; }

    public required long Misdelivered { get; init; }

    public required long Skipped { get; init; }

    /// <summary>Of the whole run so far, joining included; null where the system does not tell.</summary>
    public required long? OwnDrops { get; init; }

    public required double OwnCpuSeconds { get; init; }

    public required double? ServerCpuSeconds { get; init; }

    /// <summary>At the end.</summary>
    public required long? ServerMemoryBytes { get; init; }

    /// <summary>What others than the server and we used of the machine; null where the system or the server's process does not tell.</summary>
    public required double? OthersPercent { get; init; }

    public double OwnCpuPercent => Ratio(100 * OwnCpuSeconds, Seconds);

    public double? ServerCpuPercent => ServerCpuSeconds is { } seconds ? Ratio(100 * seconds, Seconds) : null;

    /// <summary>All of our own CPU, whatever for, over the packets that came.</summary>
    public double OwnCpuMicrosecondsPerPacket => Ratio(OwnCpuSeconds * 1e6, Totals.PacketsReceived);

    public long VideoLost => Math.Max(0, Totals.VideoExpected - Totals.VideoReceived);

    public double VideoLossPercent => Ratio(100.0 * VideoLost, Totals.VideoExpected);

    public long AudioLost => Math.Max(0, Totals.AudioLost);

    public double AudioLossPercent => Ratio(100.0 * AudioLost, Totals.AudioReceived + AudioLost);

    public double PacketsReceivedPerSecond => Ratio(Totals.PacketsReceived, Seconds);

    public double PacketsSentPerSecond => Ratio(Totals.PacketsSent, Seconds);

    public double MegabitsReceivedPerSecond => Ratio(Totals.BytesReceived * 8e-6, Seconds);

    public double MegabitsSentPerSecond => Ratio(Totals.BytesSent * 8e-6, Seconds);

    public static LoadFigures Between(LoadReading from, LoadReading to) => new()
    {
        Seconds = Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds,
        Totals = to.Totals - from.Totals,
        Delays = to.Delays,
        Lateness = to.Lateness,
        Misdelivered = to.Misdelivered - from.Misdelivered,
        Skipped = to.Skipped - from.Skipped,
        OwnDrops = to.OwnDrops,
        OwnCpuSeconds = (to.OwnCpu - from.OwnCpu).TotalSeconds,
        ServerCpuSeconds = from.Server is { } before && to.Server is { } after ? (after.Cpu - before.Cpu).TotalSeconds : null,
        ServerMemoryBytes = to.Server?.Memory,
        OthersPercent = from.Server is { } first && to.Server is { } last && from.Machine is { } machine && to.Machine is { } now
            ? now.OthersSince(machine, (to.OwnCpu - from.OwnCpu + last.Cpu - first.Cpu).TotalSeconds)
            : null,
    };

    /// <summary>0 of nothing.</summary>
    internal static double Ratio(double of, double by) => by > 0 ? of / by : 0;
}
