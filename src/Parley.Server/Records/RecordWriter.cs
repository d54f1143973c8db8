using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace Parley.Server.Records;

/// <summary>
/// The one writer. Writes queue in order of arrival; all that wait are put into one transaction and acknowledged together
/// after its COMMIT (group commit), so a busy server pays one fsync for many messages and a quiet one waits for nothing.
/// A write that breaks a rule fails alone; a store that fails, fails all writes of that transaction.
/// </summary>
internal sealed class RecordWriter : IAsyncDisposable
{
    /// <summary>Writes that may wait; above it callers wait to enter.</summary>
    public const int Capacity = 1024;

    /// <summary>Writes per transaction; bounds how long the first of them waits for the last.</summary>
    public const int BatchSize = 256;

    private readonly Channel<PendingWrite> _queue = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly IRecordStore _store;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private bool _failing;

    public RecordWriter(IRecordStore store, ILogger logger)
    {
        _store = store;
        _logger = logger;
        // A thread of its own: it spends its life in fsync, which the thread pool should not.
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Completes once what <paramref name="apply"/> wrote is on disk.</summary>
    /// <param name="apply">
    /// Runs on the writer's thread, in a transaction, after all writes that were given before it; again, in another transaction, when the database
    /// server was started again meanwhile.
    /// </param>
    /// <exception cref="RecordsUnavailableException">The store failed, or the server is stopping; nothing was acknowledged.</exception>
    /// <exception cref="InvalidOperationException">The write contradicts what is kept; nothing of it was written.</exception>
    public async Task WriteAsync(Action<RecordsContext> apply)
    {
        var write = new PendingWrite(apply);
        try
        {
            await _queue.Writer.WriteAsync(write).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new RecordsUnavailableException(_store.Name, "the server is stopping", e);
        }
        await write.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Takes no more, and writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<PendingWrite>(BatchSize);
        // Blocking on purpose: this is the writer's own thread.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < BatchSize && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }
            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<PendingWrite> batch)
    {
        var committing = false;
        for (var tries = 1; ; tries++)
        {
            try
            {
                CommitTogether(batch, ref committing);
                break;
            }
#pragma warning disable CA1031 // Whatever it was, the callers are told and the writer lives on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _store.Reset();
                // What broke off at COMMIT may be kept, and must not be written twice; what broke off before is not. Blocking on purpose, as in Run.
                if (!committing && _store.WaitForReturnAsync(e, tries, CancellationToken.None).GetAwaiter().GetResult()) continue;
                Fail(batch, e);
                return;
            }
        }

        _store.Answered();
        if (_failing)
        {
            _failing = false;
            Log.Recovered(_logger, _store.Name);
        }
        foreach (var write in batch)
        {
            write.Complete();
        }
    }

    private void CommitTogether(List<PendingWrite> batch, ref bool committing)
    {
        const string Savepoint = "Write";
        using var db = _store.CreateWriterContext();
        db.Database.AutoSavepointsEnabled = false;
        using var transaction = db.Database.BeginTransaction();
        foreach (var write in batch)
        {
            transaction.CreateSavepoint(Savepoint);
            write.Refusal = null;
            try
            {
                write.Apply(db);
                db.SaveChanges();
            }
            catch (Exception e) when (_store.Unavailable(e) is null)
            {
                transaction.RollbackToSavepoint(Savepoint);
                write.Refusal = _store.IsConstraint(e)
                    ? new InvalidOperationException($"A record contradicts what is kept: {e.GetBaseException().Message}", e)
                    : e;
            }
            transaction.ReleaseSavepoint(Savepoint);
            db.ChangeTracker.Clear();
        }
        committing = true;
        transaction.Commit();
    }

    private void Fail(List<PendingWrite> batch, Exception e)
    {
        // Said once per outage, not once per message.
        if (!_failing)
        {
            _failing = true;
            Log.Failed(_logger, _store.Name, e);
        }
        foreach (var write in batch)
        {
            write.Done.SetException(_store.Unavailable(e) ?? e);
        }
    }

    private sealed class PendingWrite(Action<RecordsContext> apply)
    {
        public Action<RecordsContext> Apply { get; } = apply;

        // Asynchronously, or the callers' code would run on the writer's thread.
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Why this write alone is not in the transaction.</summary>
        public Exception? Refusal { get; set; }

        public void Complete()
        {
            if (Refusal is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(Refusal);
            }
        }
    }
}
