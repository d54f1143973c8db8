using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Parley.Protocol;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>A start goes on only with a database of its own that is ours and not newer; and what happens when its server goes away.</summary>
public sealed class PostgreSqlStoreTests : IDisposable
{
    private readonly PostgreSqlDatabase? _database = PostgreSqlDatabase.Server is null ? null : new();

    public PostgreSqlStoreTests() => Assert.SkipWhen(_database is null, "There is no PostgreSQL server here (scripts/with-postgresql)");

    private PostgreSqlDatabase Database => _database!;

    public void Dispose() => _database?.Dispose();

    [Fact]
    public async Task A_database_in_use_is_refused_until_it_is_free()
    {
        var first = OpenIt();

        Assert.Contains("another Parley process", Refused().Reason, StringComparison.Ordinal);

        await first.CreateAsync("still-works");
        await first.DisposeAsync();
        await OpenIt().DisposeAsync();
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await OpenIt().DisposeAsync();
        Database.Sql("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Future', '99.0.0')");
        var migrations = Database.Sql("SELECT count(*) FROM \"__EFMigrationsHistory\"");

        Assert.Contains("newer version of Parley (it has '29990101000000_Future')", Refused().Reason, StringComparison.Ordinal);
        Assert.Equal(migrations, Database.Sql("SELECT count(*) FROM \"__EFMigrationsHistory\""));
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        Database.Sql("CREATE TABLE recipes (id int PRIMARY KEY)");

        Assert.Contains("another program", Refused().Reason, StringComparison.Ordinal);
        Assert.Equal(1L, Database.Sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public void A_database_that_cannot_hold_all_letters_is_refused()
    {
        using var ascii = new PostgreSqlDatabase("ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc");

        Assert.Contains("its encoding is SQL_ASCII", Refused(ascii.ConnectionString).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_read_only_is_refused()
    {
        Database.Sql($"ALTER DATABASE {Database.Name} SET default_transaction_read_only = on");

        Assert.Contains("read-only", Refused().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database=no_such", "there is no such database")]
    [InlineData("Password=wrong horse", "does not let this user in")]
    [InlineData("Host=/no/such/folder", "cannot be reached")]
    public void A_database_that_cannot_be_had_is_said_without_the_password(string setting, string reason)
    {
        var given = new NpgsqlConnectionStringBuilder($"{Database.ConnectionString};{setting}");

        var refusal = Refused(given.ConnectionString);

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{given.Database} on {given.Host}:{given.Port}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(given.Password!, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_commit_is_synced_whatever_the_database_is_set_to()
    {
        Database.Sql($"ALTER DATABASE {Database.Name} SET synchronous_commit = off");
        using var store = Store();
        store.Open();
        using var db = store.CreateWriterContext();

        Assert.Equal("on", db.Database.SqlQueryRaw<string>("SELECT current_setting('synchronous_commit') AS \"Value\"").Single());
    }

    [Fact]
    public void The_migrations_make_the_model()
    {
        using var store = Store();
        using var db = store.CreateContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_server_that_was_away_is_said_to_every_caller_and_the_records_recover()
    {
        await using var records = OpenIt();
        await records.CreateAsync("before");

        Database.GoAway();
        var lost = Enumerable.Range(0, 5).Select(n => records.CreateAsync($"lost{n}")).ToList();
        foreach (var write in lost) await Assert.ThrowsAsync<RecordsUnavailableException>(() => write);
        await Assert.ThrowsAsync<RecordsUnavailableException>(records.TouchAsync);
        await Assert.ThrowsAsync<RecordsUnavailableException>(() => records.ListAsync(null, 10, true, TestContext.Current.CancellationToken));

        Database.ComeBack();
        await records.TouchAsync();
        await records.CreateAsync("after");
        var kept = await records.ListAsync(null, 10, true, TestContext.Current.CancellationToken);
        Assert.Equal(["before", "after"], kept.Select(m => m.Id));
    }

    [Fact]
    public async Task A_restart_of_the_server_costs_no_read_and_no_write()
    {
        using var line = new PostgreSqlLine(Database);
        await using var records = OpenIt(line.ConnectionString);
        await records.CreateAsync("before");
        // As many connections in the pool as are asked for at once.
        await ReadTenTimesAsync();

        line.Cut(refusing: 6);
        await Task.WhenAll([records.CreateAsync("after"), records.JoinAsync("before", "p1"), ReadTenTimesAsync()]);

        var kept = await records.ListAsync(null, 10, true, TestContext.Current.CancellationToken);
        Assert.Equal(["before", "after"], kept.Select(m => m.Id).OrderDescending(StringComparer.Ordinal));

        Task ReadTenTimesAsync() => Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => records.ReadAsync("before", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_waited_for_once()
    {
        using var line = new PostgreSqlLine(Database);
        var time = new CountedWaits();
        await using var records = Open(new PostgreSqlStore(line.ConnectionString, NullLogger.Instance, time));
        await records.CreateAsync("before");

        line.Cut(refusing: int.MaxValue);
        await Assert.ThrowsAsync<RecordsUnavailableException>(() => records.CreateAsync("lost"));
        var waits = time.Waits;
        await Assert.ThrowsAsync<RecordsUnavailableException>(() => records.CreateAsync("lost, too"));
        await Assert.ThrowsAsync<RecordsUnavailableException>(() => records.ReadAsync("before", TestContext.Current.CancellationToken));
        Assert.True(waits > 1);
        Assert.Equal(waits, time.Waits);

        line.Cut(refusing: 0);
        await records.CreateAsync("after");
        line.Cut(refusing: 3);
        await records.CreateAsync("after the next restart");
        Assert.True(time.Waits > waits);
    }

    [Fact]
    public async Task Who_lost_the_database_to_another_process_writes_no_more_until_it_is_free()
    {
        await using var first = OpenIt();
        Database.EndSessions();
        await using (var second = OpenIt())
        {
            await Assert.ThrowsAsync<RecordsUnavailableException>(() => first.CreateAsync("on the lost connection"));
            var refusal = await Assert.ThrowsAsync<RecordsUnavailableException>(() => first.CreateAsync("beside another"));
            Assert.Contains("another Parley process", refusal.Reason, StringComparison.Ordinal);
            await second.CreateAsync("second");
        }

        await first.CreateAsync("first");
        var kept = await first.ListAsync(null, 10, true, TestContext.Current.CancellationToken);
        Assert.Equal(["second", "first"], kept.Select(m => m.Id));
    }

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_is_refused_alone()
    {
        await using var records = OpenIt();
        var good = records.CreateAsync("good");
        var bad = records.MeetingCreatedAsync("bad", "zero\0inside", "Ada", Hash(1), Start);
        var last = records.ChatAddedAsync("good", Message(1), "c1");
        await good;
        await last;

        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        Assert.Equal(["m1"], (await records.ReadAsync("good", TestContext.Current.CancellationToken))!.Chat.Select((ChatMessage c) => c.Id));
    }

    private PostgreSqlStore Store(string? connectionString = null) => new(connectionString ?? Database.ConnectionString, NullLogger.Instance, TimeProvider.System);

    private MeetingRecords OpenIt(string? connectionString = null) => Open(Store(connectionString));

    private RecordsUnavailableException Refused(string? connectionString = null) =>
        Assert.Throws<RecordsUnavailableException>(() => OpenIt(connectionString));

    /// <summary>Every wait is over at once, and counted.</summary>
    private sealed class CountedWaits : TimeProvider
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _waits);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
