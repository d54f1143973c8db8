using System.Diagnostics;
using System.Globalization;

namespace Parley.SideBySide;

/// <summary>
/// What the machine keeps from whoever has a core for itself: for so long only the clock is read, and every step of it that is longer than reading
/// takes is time in which the core was somebody else's (another guest of the host, an interrupt). No server on that core can be quicker.
/// </summary>
internal static class MachineRun
{
    /// <summary>Reading the clock takes some tens of nanoseconds; a step above this is a pause.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(50);

    private const int MostPauses = 1_000_000;

    /// <summary>Reads the clock for so long, on the core this thread is bound to.</summary>
    public static MachineReport Run(TimeSpan duration, CancellationToken cancellation)
    {
        // What is run first is compiled first; the list never grows, for nothing may be allocated meanwhile.
        var pauses = new List<TimeSpan>(MostPauses);
        Watch(TimeSpan.FromMilliseconds(200), pauses, cancellation);
        pauses.Clear();
        var watched = Watch(duration, pauses, cancellation);

        // Of half a watch nothing is told.
        cancellation.ThrowIfCancellationRequested();
        return MachineReport.Of(watched, pauses);
    }

    private static TimeSpan Watch(TimeSpan duration, List<TimeSpan> pauses, CancellationToken cancellation)
    {
        var shortest = (long)(Shortest.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var end = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var before = started;
        while (before < end && pauses.Count < MostPauses && !cancellation.IsCancellationRequested)
        {
            var now = Stopwatch.GetTimestamp();
            if (now - before > shortest) pauses.Add(Stopwatch.GetElapsedTime(before, now));
            before = now;
        }

        return Stopwatch.GetElapsedTime(started, before);
    }
}

/// <summary>What was found.</summary>
/// <param name="Seconds">Watched.</param>
/// <param name="Pauses">How many there were.</param>
/// <param name="LostPercent">Of the time, in pauses.</param>
/// <param name="LongestMs">Of the pauses.</param>
/// <param name="Waits">What a packet that comes at any moment waits for the core alone, by the share of packets.</param>
internal sealed record MachineReport(double Seconds, int Pauses, double LostPercent, double LongestMs, IReadOnlyList<MachineWait> Waits)
{
    private static readonly double[] Bounds = [0.2, 1, 2, 5, 10];

    public static MachineReport Of(TimeSpan watched, IReadOnlyCollection<TimeSpan> pauses) => new(
        watched.TotalSeconds,
        pauses.Count,
        100 * pauses.Sum(pause => pause.TotalSeconds) / watched.TotalSeconds,
        pauses.Count == 0 ? 0 : pauses.Max().TotalMilliseconds,

        // Who comes within a pause waits for the rest of it: over a bound, who comes earlier than that before its end.
        [.. Bounds.Select(bound => new MachineWait(bound, 100 * pauses.Sum(pause => Math.Max(0, pause.TotalMilliseconds - bound)) / watched.TotalMilliseconds))]);

    public IEnumerable<string> Lines()
    {
        yield return Of($"watched           {Seconds:N0} s, in which nothing was done but to read the clock");
        yield return Of($"pauses            {Pauses:N0} of over {MachineRun.Shortest.TotalMicroseconds:N0} µs, the longest {LongestMs:0.0} ms: {LostPercent:0.00} % of the time");
        foreach (var wait in Waits) yield return Of($"over {wait.OverMs,4:0.0} ms      {wait.Percent:0.000} % of what comes at any moment waits so long, whatever is to take it");
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How many wait longer than a bound.</summary>
/// <param name="OverMs">The bound.</param>
/// <param name="Percent">Of all.</param>
internal sealed record MachineWait(double OverMs, double Percent);
