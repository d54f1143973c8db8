namespace Parley.Server.Records;

/// <summary>
/// Whether the records can be written, found out by writing. However often it is asked, there is one write in <see cref="Fresh"/>: each
/// costs an fsync.
/// </summary>
internal sealed class RecordsHealth(IMeetingRecords records, TimeProvider time)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>A disk or a database server that hangs is not ready either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<bool>? _last;
    private long _at;

    public async Task<bool> CanWriteAsync()
    {
        try
        {
            return await AskAsync().WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> AskAsync()
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_at) >= Fresh))
            {
                _at = time.GetTimestamp();
                _last = WriteAsync();
            }

            return _last;
        }
    }

    private async Task<bool> WriteAsync()
    {
        try
        {
            await records.TouchAsync();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was: they cannot be written, and the writer has said why.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
