namespace Parley.Server.Records;

/// <summary>Opens the records before anything that needs them starts.</summary>
internal sealed class MeetingRecordsStart(MeetingRecords records, RecordsHealth health) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        records.Initialize();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The first write pays for compiling it: nobody who asks is to wait for that.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = health.CanWriteAsync();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
