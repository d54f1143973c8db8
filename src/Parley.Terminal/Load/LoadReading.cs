namespace Parley.Terminal.Load;

/// <summary>All figures at one moment.</summary>
internal sealed record LoadReading
{
    /// <summary>Stopwatch's.</summary>
    public required long At { get; init; }

    public required LoadTotals Totals { get; init; }

    public required DelayHistogram Delays { get; init; }

    /// <summary>Of sound: how much later than the fastest of its stream each packet came.</summary>
    public required DelayHistogram Lateness { get; init; }

    public required long Misdelivered { get; init; }

    public required long Skipped { get; init; }

    /// <summary>Null where the system does not tell.</summary>
    public required long? OwnDrops { get; init; }

    public required TimeSpan OwnCpu { get; init; }

    public required (TimeSpan Cpu, long Memory)? Server { get; init; }

    /// <summary>All cores; null where the system does not tell.</summary>
    public required MachineUse? Machine { get; init; }

    /// <summary>Asks everyone now.</summary>
    public static async Task<LoadReading> TakeAsync(IReadOnlyList<LoadLoop> loops, WatchedProcess? server, bool resetDelays)
    {
        var readings = await Task.WhenAll(loops.Select(loop => loop.ReadAsync(resetDelays))).ConfigureAwait(false);
        var (delays, lateness) = (new DelayHistogram(), new DelayHistogram());
        foreach (var reading in readings)
        {
            delays.Add(reading.Delays);
            lateness.Add(reading.Lateness);
        }

        return new LoadReading
        {
            At = System.Diagnostics.Stopwatch.GetTimestamp(),
            Totals = readings.Aggregate(default(LoadTotals), (sum, reading) => sum + reading.Totals),
            Delays = delays,
            Lateness = lateness,
            Misdelivered = readings.Sum(reading => reading.Misdelivered),
            Skipped = readings.Sum(reading => reading.Skipped),
            OwnDrops = readings.All(reading => reading.CountsDrops) ? readings.Sum(reading => reading.Drops) : null,
            OwnCpu = Environment.CpuUsage.TotalTime,
            Server = server?.Sample(),
            Machine = MachineUse.Now,
        };
    }
}
