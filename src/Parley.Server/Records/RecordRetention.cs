namespace Parley.Server.Records;

/// <summary>Deletes the records of meetings that ended longer ago than they are kept: at the start, and then every hour.</summary>
internal sealed class RecordRetention(IMeetingRecords records, ParleyOptions options, TimeProvider time, ILogger<RecordRetention> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Records.RetentionDays == 0) return;
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await SweepAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            var deleted = await records.DeleteEndedBeforeAsync(time.GetUtcNow().AddDays(-options.Records.RetentionDays), cancellation);
            if (deleted > 0) Log.Deleted(logger, deleted, options.Records.RetentionDays);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was: an exception that leaves here would stop the server.
            Log.NotDeleted(logger, e);
        }
    }
}
