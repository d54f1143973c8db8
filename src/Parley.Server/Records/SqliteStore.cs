using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Parley.Server.Records;

/// <summary>All that is particular to SQLite: the file, its settings, how it is opened, and what its errors mean.</summary>
internal sealed class SqliteStore : IRecordStore
{
    public const string FileName = "parley.db";

    private const int Constraint = 19;
    private const string WhatToDo = "Nothing was changed: put a backup in its place, or move it away to start anew";

    private readonly DbContextOptions<RecordsContext> _options;
    private readonly string _connectionString;
    private readonly string _folder;
    private FolderLock? _lock;

    /// <param name="folder">The data folder; made on <see cref="Open"/> if it is not there.</param>
    /// <param name="interceptors">For tests: what makes a real database fail on demand.</param>
    public SqliteStore(string folder, params IEnumerable<IInterceptor> interceptors)
    {
        _folder = Path.GetFullPath(folder);
        File = Path.Combine(_folder, FileName);
        _connectionString = ConnectionString(SqliteOpenMode.ReadWrite);
        _options = new DbContextOptionsBuilder<RecordsContext>()
            .UseSqlite(_connectionString)
            .AddInterceptors([new Pragmas(), .. interceptors])
            .Options;
    }

    /// <summary>The full path of the database.</summary>
    public string File { get; }

    public string Name => File;

    public void Open()
    {
        MakeFolder();
        _lock = FolderLock.Take(_folder);
        try
        {
            var current = new FileInfo(File) is { Exists: true, Length: > 0 } && Inspect();
            Prepare();
            if (!current)
            {
                using var db = CreateContext();
                db.Database.Migrate();
            }
        }
        catch (Exception e)
        {
            Dispose();
            if (Unavailable(e) is { } unavailable)
            {
                throw unavailable;
            }
            throw;
        }
    }

    public RecordsContext CreateContext() => new(_options);

    public RecordsContext CreateWriterContext() => CreateContext();

    /// <summary>For this provider ReadUncommitted means BEGIN DEFERRED; without a shared cache nothing uncommitted is ever seen.</summary>
    public Task<IDbContextTransaction> BeginSnapshotAsync(RecordsContext db, CancellationToken cancellation) =>
        db.Database.BeginTransactionAsync(IsolationLevel.ReadUncommitted, cancellation);

    public bool IsConstraint(Exception e) => Find(e)?.SqliteErrorCode == Constraint;

    public RecordsUnavailableException? Unavailable(Exception e) =>
        e as RecordsUnavailableException
        ?? (Find(e) is { } sqlite && Reason(sqlite.SqliteErrorCode) is { } reason
            ? new RecordsUnavailableException(File, $"{reason} (SQLite error {sqlite.SqliteExtendedErrorCode})", e)
            : null);

    /// <summary>A file is not started again.</summary>
    public Task<bool> WaitForReturnAsync(Exception e, int tries, CancellationToken cancellation) => Task.FromResult(false);

    public void Answered()
    {
    }

    /// <summary>The number is nobody's; setting it writes the file's first page.</summary>
    public void Touch(RecordsContext db) => db.Database.ExecuteSqlRaw("PRAGMA user_version = 1");

    /// <summary>
    /// What is deleted is overwritten in the file (secure_delete), but older pages are in the write-ahead log until all of it is in
    /// the file and it is cut to nothing.
    /// </summary>
    public void Purge()
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            // Readers are waited for; one that takes longer leaves it to the next time, or to the stop.
            Query(connection, "PRAGMA busy_timeout = 2000");
            Query(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception e) when (Unavailable(e) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>
    /// A file opened while it was read-only stays so for that handle: after a failure the next use opens anew, which is how the
    /// store recovers when the disk does.
    /// </summary>
    public void Reset()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    public void Dispose()
    {
        Reset();
        _lock?.Dispose();
        _lock = null;
    }

    private static SqliteException? Find(Exception? e)
    {
        while (e is not null and not SqliteException)
        {
            e = e.InnerException;
        }
        return (SqliteException?)e;
    }

    // https://sqlite.org/rescode.html, those that say something about the world rather than about our SQL.
    private static string? Reason(int code) => code switch
    {
        3 => "access to the file was denied",
        5 or 6 => "another program holds a lock on the database",
        7 => "there is not enough memory",
        8 => "the file or its folder is read-only",
        10 => "reading or writing the disk failed",
        11 => $"the database is damaged. {WhatToDo}",
        13 => "the disk is full",
        14 => "the file cannot be opened",
        15 => "the file locking protocol failed",
        26 => $"the file is not a database. {WhatToDo}",
        _ => null,
    };

    private string ConnectionString(SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = File,
        Mode = mode,
        ForeignKeys = true,
        // Seconds to wait for a lock. We are the only writer, so only an operator's tool can hold one.
        DefaultTimeout = 5,
        Pooling = mode == SqliteOpenMode.ReadWrite,
    }.ToString();

    private void MakeFolder()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(_folder);
            }
            else
            {
                // Chat is private: a folder that we make is for our own user.
                Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordsUnavailableException(_folder, $"the data folder cannot be made ({e.Message})", e);
        }
    }

    /// <summary>Looks at an existing file without changing it. Returns whether it has every migration already.</summary>
    private bool Inspect()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWrite));
        connection.Open();
        if (Query(connection, "PRAGMA quick_check(1)").First() is var verdict and not "ok")
        {
            throw new RecordsUnavailableException(File, $"the database is damaged ({verdict}). {WhatToDo}");
        }

        var tables = Query(connection, """
            SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '__EFMigrationsLock'
            """);
        if (!tables.Contains("__EFMigrationsHistory"))
        {
            if (tables.Count > 0)
            {
                throw new RecordsUnavailableException(File, "the database belongs to another program. Nothing was changed");
            }
            return false;
        }

        using var db = CreateContext();
        return RecordMigrations.AreAllApplied(db, File);
    }

    private void Prepare()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate));
        connection.Open();
        if (Query(connection, "PRAGMA journal_mode = WAL").First() != "wal")
        {
            throw new RecordsUnavailableException(File, "its file system has no shared memory for SQLite's WAL. Use a local disk");
        }

        // EF guards migrations by a row that a killed process leaves behind, and then waits for it for ever. We hold the
        // folder, so nobody else is migrating.
        Query(connection, "DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
    }

    private static List<string> Query(SqliteConnection connection, string constantSql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this class come here.
        command.CommandText = constantSql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }
        return rows;
    }

    /// <summary>
    /// Settings that SQLite forgets with the connection. synchronous=FULL: in WAL mode a commit returns only after fsync. The
    /// default for WAL that is often advised, NORMAL, survives a kill -9 but not a loss of power, and "acknowledged" here
    /// means on disk. Commits are shared (<see cref="RecordWriter"/>), so the fsync is shared too. secure_delete: a deleted message
    /// is zeros in the file, not free space that still spells it.
    /// </summary>
    private sealed class Pragmas : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Apply(connection);
            return Task.CompletedTask;
        }

        private static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON";
            command.ExecuteNonQuery();
        }
    }
}
