using Microsoft.EntityFrameworkCore;
using Parley.Server.Records;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

/// <summary>A start goes on only with a folder of its own and a database that is ours, whole and not newer.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_in_use_is_refused_until_it_is_free()
    {
        var first = Open(new SqliteStore(_folder.Path));

        Assert.Contains("another Parley process", Refused().Message, StringComparison.Ordinal);

        await first.CreateAsync("still-works");
        await first.DisposeAsync();
        await Open(new SqliteStore(_folder.Path)).DisposeAsync();
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await FillAsync();
        Sql(_folder.Database, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Future', '99.0.0')");

        var refusal = RefusedUnchanged();

        Assert.Contains("newer version of Parley", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("29990101000000_Future", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        File.WriteAllText(_folder.Database, string.Concat(Enumerable.Repeat("my shopping list\n", 500)));

        Assert.Contains("not a database", RefusedUnchanged().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        Sql(_folder.Database, "CREATE TABLE Recipes (Id INTEGER PRIMARY KEY)");

        Assert.Contains("another program", RefusedUnchanged().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_is_refused_and_left_alone()
    {
        await FillAsync();
        var bytes = await File.ReadAllBytesAsync(_folder.Database, TestContext.Current.CancellationToken);
        for (var page = 2; page < bytes.Length / 4096; page++)
        {
            bytes.AsSpan(page * 4096, 64).Fill(0xA5);
        }
        await File.WriteAllBytesAsync(_folder.Database, bytes, TestContext.Current.CancellationToken);

        Assert.Contains("damaged", RefusedUnchanged().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_cut_short_is_refused_and_left_alone()
    {
        await FillAsync();
        using (var file = new FileStream(_folder.Database, FileMode.Open))
        {
            file.SetLength(file.Length / 2 / 4096 * 4096);
        }

        Assert.Contains("damaged", RefusedUnchanged().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_refused()
    {
        var path = Path.Combine(_folder.Path, "file");
        File.WriteAllText(path, "");

        var refusal = Assert.Throws<RecordsUnavailableException>(() => Open(new SqliteStore(path)));

        Assert.Equal(path, refusal.Store);
    }

    [Fact]
    public async Task A_refused_start_leaves_the_folder_free_for_the_next()
    {
        File.WriteAllText(_folder.Database, new string('x', 8192));
        Refused();
        File.Delete(_folder.Database);

        await Open(new SqliteStore(_folder.Path)).DisposeAsync();
    }

    [Fact]
    public async Task A_first_start_killed_while_migrating_does_not_stop_the_next()
    {
        Sql(_folder.Database, """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
            """);

        await FillAsync();

        Assert.Equal(200L, Sql(_folder.Database, "SELECT COUNT(*) FROM Chat"));
    }

    [Fact]
    public async Task Every_connection_syncs_its_commits_and_checks_foreign_keys()
    {
        await using var records = Open(new SqliteStore(_folder.Path));
        using var db = new SqliteStore(_folder.Path).CreateContext();

        Assert.Equal("wal", db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").Single());
        Assert.Equal(2, db.Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous").Single());
        Assert.Equal(1, db.Database.SqlQueryRaw<int>("SELECT foreign_keys AS Value FROM pragma_foreign_keys").Single());
    }

    [Fact]
    public void The_migrations_make_the_model()
    {
        using var db = new SqliteStore(_folder.Path).CreateContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_clean_stop_leaves_one_whole_file()
    {
        await FillAsync();

        Assert.Equal(["parley.db", "parley.lock"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal("ok", Sql(_folder.Database, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_folder_that_it_makes_is_private()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no Unix file modes here");
            return;
        }
        var inner = Path.Combine(_folder.Path, "a", "b");

        await Open(new SqliteStore(inner)).DisposeAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
    }

    private async Task FillAsync()
    {
        await using var records = Open(new SqliteStore(_folder.Path));
        await records.CreateAsync("kept");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => records.ChatAddedAsync("kept", Message(n), $"c{n}")));
    }

    private RecordsUnavailableException Refused() => Assert.Throws<RecordsUnavailableException>(() => Open(new SqliteStore(_folder.Path)));

    private RecordsUnavailableException RefusedUnchanged()
    {
        var before = File.ReadAllBytes(_folder.Database);
        var refusal = Refused();
        Assert.Equal(before, File.ReadAllBytes(_folder.Database));
        Assert.Contains(_folder.Database, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }
}
