using System.Diagnostics;
using System.Reflection;
using Parley.Protocol;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;

namespace Parley.Server.Observability;

/// <summary>What the process takes and carries, read when somebody asks.</summary>
/// <param name="workers">Of the media plane; none where there is none.</param>
internal sealed class ServerFiguresReader(ParleyOptions options, TimeProvider time, Func<IReadOnlyList<MediaWorker>> workers)
{
    private static readonly string s_version = VersionOf(typeof(ServerFiguresReader).Assembly);

    public ServerFigures Read(IReadOnlyCollection<MeetingSummary> open)
    {
        using var process = Process.GetCurrentProcess();
        return new ServerFigures(
            s_version,
            process.StartTime.ToUniversalTime(),
            time.GetUtcNow(),
            Environment.ProcessorCount,
            process.TotalProcessorTime.TotalSeconds,
            process.WorkingSet64,
            open.Count,
            open.Sum(meeting => meeting.Participants ?? 0),
            options.Records.RetentionDays,
            [.. workers().Select(FiguresOf)]);
    }

    private static WorkerFigures FiguresOf(MediaWorker worker, int index) =>
        new(index + 1, worker.Port, worker.Tcp?.Port, worker.Busy.Value, worker.Meetings, worker.Connections);

    /// <summary>Without the commit that a build may add.</summary>
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
