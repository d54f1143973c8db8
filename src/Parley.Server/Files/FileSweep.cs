using Parley.Server.Records;

namespace Parley.Server.Files;

/// <summary>Before the server listens: deletes what a crash or a lost power left of files without a row in the records.</summary>
internal sealed partial class FileSweep(FileStore files, IMeetingRecords records, ILogger<FileSweep> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        foreach (var meeting in files.Meetings)
            swept += files.Sweep(meeting, await records.ReadFilesAsync(meeting, cancellationToken));
        if (swept > 0) LogSwept(swept);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Deleted {Count} files that belonged to no message")]
    private partial void LogSwept(int count);
}
