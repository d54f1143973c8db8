namespace Parley.Server.Records;

/// <summary>Opens the records before anything that needs them starts.</summary>
internal sealed class MeetingRecordsStart(MeetingRecords records) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        records.Initialize();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
