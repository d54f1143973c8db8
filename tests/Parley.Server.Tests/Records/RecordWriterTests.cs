using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>Group commit: shared when it can be, and each caller's own when it fails.</summary>
public sealed class RecordWriterTests : IAsyncLifetime
{
    private readonly TemporaryRecords _kept = new();
    private readonly FailingDisk _disk = new();
    private readonly Commits _commits = new();
    private readonly ManualResetEventSlim _gate = new();
    private IRecordStore _store = null!;
    private RecordWriter _writer = null!;

    public ValueTask InitializeAsync()
    {
        _store = TemporaryRecords.StoreAt(_kept.Place, TemporaryRecords.UsePostgreSql ? [_commits] : [_disk, _commits]);
        _store.Open();
        _writer = new RecordWriter(_store, NullLogger.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _writer.DisposeAsync();
        _store.Dispose();
        _kept.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Writes_that_wait_share_a_commit()
    {
        var first = await HoldWriterAsync();
        var rest = Enumerable.Range(0, 200).Select(n => _writer.WriteAsync(Add($"m{n}"))).ToList();
        var before = _commits.Count;
        _gate.Set();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(2, _commits.Count - before);
        Assert.Equal(200, Kept().Count);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_its_commit_has_returned()
    {
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _commits.OnCommitting = () =>
        {
            committing.SetResult();
            _gate.Wait();
        };
        var write = _writer.WriteAsync(Add("m"));
        await committing.Task;

        // Every chance for an acknowledgement that was given too early to arrive.
        for (var turn = 0; turn < 1000; turn++)
        {
            await Task.Yield();
        }
        Assert.False(write.IsCompleted);
        Assert.Empty(Kept());

        _gate.Set();
        await write;
        Assert.Equal(["m"], Kept());
    }

    [Fact]
    public async Task A_commit_that_fails_acknowledges_nothing_and_keeps_nothing()
    {
        _commits.OnCommitting = () => throw TemporaryRecords.FailedCommit();

        await Assert.ThrowsAsync<RecordsUnavailableException>(() => _writer.WriteAsync(Add("lost")));
        Assert.Empty(Kept());

        _commits.OnCommitting = null;
        await _writer.WriteAsync(Add("kept"));
        Assert.Equal(["kept"], Kept());
    }

    [Fact]
    public async Task A_write_that_fails_does_so_alone_and_leaves_nothing()
    {
        var before = _commits.Count;
        var first = await HoldWriterAsync();
        var good = _writer.WriteAsync(Add("good"));
        var repeat = _writer.WriteAsync(Add("good"));
        var half = _writer.WriteAsync(db =>
        {
            Add("half")(db);
            db.SaveChanges();
            throw new NotSupportedException("second thoughts");
        });
        var last = _writer.WriteAsync(Add("last"));
        _gate.Set();
        await first;
        await good;
        await last;

        await Assert.ThrowsAsync<InvalidOperationException>(() => repeat);
        await Assert.ThrowsAsync<NotSupportedException>(() => half);
        Assert.Equal(["good", "last"], Kept());
        Assert.Equal(2, _commits.Count - before);
    }

    [Fact]
    public async Task More_than_the_queue_holds_waits_and_arrives_in_order()
    {
        var first = await HoldWriterAsync();
        const int Count = RecordWriter.Capacity + (3 * RecordWriter.BatchSize) + 7;
        var order = new List<int>();
        var writes = Enumerable.Range(0, Count).Select(n => _writer.WriteAsync(_ => order.Add(n))).ToList();
        Assert.DoesNotContain(writes, w => w.IsCompleted);
        _gate.Set();
        await Task.WhenAll([first, .. writes]);

        Assert.Equal(Enumerable.Range(0, Count), order);
    }

    [Fact]
    public async Task Disposal_writes_what_waits_and_then_refuses()
    {
        var first = await HoldWriterAsync();
        var writes = Enumerable.Range(0, 600).Select(n => _writer.WriteAsync(Add($"m{n}"))).ToList();
        var disposal = _writer.DisposeAsync();
        var late = _writer.WriteAsync(Add("late"));
        _gate.Set();
        await disposal;
        await Task.WhenAll([first, .. writes]);

        await Assert.ThrowsAsync<RecordsUnavailableException>(() => late);
        Assert.Equal(600, Kept().Count);
    }

    [Theory]
    [InlineData(FailingDisk.Full, "the disk is full")]
    [InlineData(FailingDisk.ReadOnly, "read-only")]
    public async Task A_failed_disk_is_told_to_every_caller_and_recovers(string failure, string reason)
    {
        Assert.SkipWhen(TemporaryRecords.UsePostgreSql, "The disk is that of SQLite");

        // Enough text that the database has to grow.
        Action<RecordsContext> Large(string id) => Add(id, new string('x', 100_000));
        await _writer.WriteAsync(Add("before"));

        var first = await HoldWriterAsync();
        _disk.Pragma = failure;
        var failed = Enumerable.Range(0, 5).Select(n => _writer.WriteAsync(Large($"lost{n}"))).ToList();
        _gate.Set();
        await first;
        foreach (var write in failed)
        {
            var exception = await Assert.ThrowsAsync<RecordsUnavailableException>(() => write);
            Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
            Assert.Equal(_store.Name, exception.Store);
        }
        Assert.Equal(["before"], Kept());
        if (failure == FailingDisk.ReadOnly) await Assert.ThrowsAsync<RecordsUnavailableException>(() => _writer.WriteAsync(_store.Touch));

        _disk.Pragma = null;
        await _writer.WriteAsync(_store.Touch);
        await _writer.WriteAsync(Large("after"));
        Assert.Equal(["after", "before"], Kept());
    }

    [Fact]
    public async Task Callers_go_on_somewhere_else_than_on_the_writers_thread()
    {
        var writerThread = 0;
        var write = _writer.WriteAsync(_ => writerThread = Environment.CurrentManagedThreadId);
        var continued = write.ContinueWith(
            _ => Environment.CurrentManagedThreadId,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        Assert.NotEqual(await continued, writerThread);
    }

    private static Action<RecordsContext> Add(string id, string title = "") => db => db.Meetings.Add(new MeetingRow
    {
        Id = id,
        Title = title,
        CreatedBy = "Ada",
        CreatorSecretHash = Hash(1),
    });

    /// <summary>Keeps the writer inside a transaction until the gate opens.</summary>
    private async Task<Task> HoldWriterAsync()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var write = _writer.WriteAsync(_ =>
        {
            entered.SetResult();
            _gate.Wait();
        });
        await entered.Task;
        return write;
    }

    private List<string> Kept()
    {
        using var db = _store.CreateContext();
        return db.Meetings.Select(m => m.Id).OrderBy(id => id).ToList();
    }

    private sealed class Commits : DbTransactionInterceptor
    {
        public int Count { get; private set; }

        public Action? OnCommitting { get; set; }

        public override InterceptionResult TransactionCommitting(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
        {
            OnCommitting?.Invoke();
            return result;
        }

        public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Count++;
    }
}
