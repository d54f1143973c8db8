using System.Globalization;
using Parley.SideBySide.Servers;
using Parley.Terminal.Load;

namespace Parley.SideBySide;

/// <summary>What connected participants take of Parley's memory.</summary>
internal static class MemoryRun
{
    public static async Task<MemoryReport> RunAsync(IServer server, int participants, int meetings, int talkers, int seconds, CancellationToken cancellation)
    {
        var options = new LoadOptions
        {
            Participants = participants,
            Meetings = meetings,
            Talkers = talkers,
            Cameras = 1,
            View = 1,
            VideoBitrate = 100,
            FramesPerSecond = 10,
            Decrypting = 1,
            Seconds = seconds,
        };
        options.Check();
        await using var process = await server.StartAsync(cancellation).ConfigureAwait(false);
        using var watched = new WatchedProcess(process.Id);

        // What the first ten need once (compiled code, pools) is nobody's own.
        await server.LoadAsync(options with { Participants = 10, Meetings = 1, Seconds = 3 }, cancellation).ConfigureAwait(false);
        var idle = watched.Sample()?.Memory ?? 0;
        var outcome = await server.LoadAsync(options with { ServerProcess = process.Id }, cancellation).ConfigureAwait(false);
        return new MemoryReport(participants, meetings, talkers, outcome.WithMedia, idle / 1e6, (outcome.Figures.ServerMemoryBytes ?? 0) / 1e6, outcome.Figures.ServerCpuPercent ?? 0, outcome.Problem);
    }
}

/// <summary>What it found.</summary>
/// <param name="Participants">Asked for.</param>
/// <param name="Meetings">They are spread over.</param>
/// <param name="Talkers">Who sends sound, per meeting.</param>
/// <param name="WithMedia">Who got all there was for them.</param>
/// <param name="IdleMegabytes">Resident after a meeting of ten came and went.</param>
/// <param name="LoadedMegabytes">Resident at the end of the measured time.</param>
/// <param name="CpuPercent">100 is one core.</param>
/// <param name="Problem">What went wrong with a participant; null when nothing did.</param>
internal sealed record MemoryReport(int Participants, int Meetings, int Talkers, int WithMedia, double IdleMegabytes, double LoadedMegabytes, double CpuPercent, string? Problem)
{
    /// <summary>What a participant may take, in kB.</summary>
    private const int Bound = 150;

    /// <summary>Of what it grew.</summary>
    public double KilobytesPerParticipant => (LoadedMegabytes - IdleMegabytes) * 1e3 / Participants;

    public IEnumerable<string> Lines()
    {
        yield return Of($"participants      {WithMedia:N0} of {Participants:N0} with media, in {Meetings:N0} meetings; in each {Talkers} talk and one shows a camera");
        yield return Of($"memory            {IdleMegabytes:N0} MB after a first meeting of ten, {LoadedMegabytes:N0} MB with them");
        yield return Of($"per participant   {KilobytesPerParticipant:N0} kB of {Bound} it may take");
        yield return Of($"CPU               {CpuPercent:N0} % of a core");
        if (Problem is not null) yield return $"problem           {Problem}";
    }

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
