using System.Data;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Parley.Server.Records;

/// <summary>
/// All that is particular to PostgreSQL. The writer has one connection, which holds an advisory lock: whoever writes owns the
/// database in the same session, so that no second process can write beside it, not even after the network was away.
/// </summary>
internal sealed class PostgreSqlStore : IRecordStore
{
    /// <summary>The advisory lock of the database: "parley" in ASCII.</summary>
    private const string OwnerLock = "SELECT pg_advisory_lock(x'7061726c6579'::bigint)";

    /// <summary>
    /// How long to wait for who holds the database: a killed process lets go of it as soon as its server notices. Which it does
    /// within 25 s when the machine of that process is gone, by the keep-alives.
    /// </summary>
    private const string OwnerSettings =
        "-c synchronous_commit=on -c lock_timeout=5s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private static readonly TimeSpan LongestMigration = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long to wait between tries while the server is started again. Together 5 s: who asked is waiting for the answer, and the meetings
    /// whose writes wait stand still.
    /// </summary>
    private static readonly TimeSpan[] Pauses = [.. new[] { 0, 100, 200, 400, 800, 1000, 1000, 1500 }.Select(pause => TimeSpan.FromMilliseconds(pause))];

    private readonly NpgsqlDataSource _readers;
    private readonly DbContextOptions<PostgreSqlRecordsContext> _reading;
    private readonly IInterceptor[] _interceptors;
    private readonly string _ownerString;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private NpgsqlConnection? _owner;
    private volatile bool _isAway;

    /// <param name="connectionString">As the operator gave it, checked by <see cref="WhyInvalid"/>.</param>
    /// <param name="interceptors">For tests: what makes a real database fail on demand.</param>
    public PostgreSqlStore(string connectionString, ILogger logger, TimeProvider time, params IEnumerable<IInterceptor> interceptors)
    {
        _time = time;
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        Name = $"{given.Database} on {given.Host}:{given.Port}";
        // Npgsql's own are 15 and 30 s: the meetings whose writes wait stand still meanwhile.
        if (!given.ShouldSerialize("Timeout")) given.Timeout = 5;
        if (!given.ShouldSerialize("Command Timeout")) given.CommandTimeout = 10;
        given.ApplicationName ??= "parley";
        _logger = logger;
        _interceptors = [.. interceptors];
        _readers = NpgsqlDataSource.Create(given);
        _reading = new DbContextOptionsBuilder<PostgreSqlRecordsContext>().UseNpgsql(_readers).AddInterceptors(_interceptors).Options;
        given.Pooling = false;
        given.Options = $"{given.Options} {OwnerSettings}".Trim();
        _ownerString = given.ConnectionString;
    }

    /// <summary>The database and its server.</summary>
    public string Name { get; }

    /// <summary>What is wrong with a connection string, or null. Nothing of the string is repeated: a part of it is the password.</summary>
    public static string? WhyInvalid(string connectionString)
    {
        const string Form = "must be like Host=db.example.org;Database=parley;Username=parley;Password=…";
        try
        {
            var given = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrWhiteSpace(given.Host) || string.IsNullOrWhiteSpace(given.Database) ? $"{Form}, with Host and Database" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return Form;
        }
    }

    public void Open()
    {
        try
        {
            using var db = CreateWriterContext();
            if (Inspect(db)) return;
            db.Database.SetCommandTimeout(LongestMigration);
            db.Database.Migrate();
        }
        catch (Exception e)
        {
            Dispose();
            if (Unavailable(e) is { } unavailable) throw unavailable;
            throw;
        }
    }

    public RecordsContext CreateContext() => new PostgreSqlRecordsContext(_reading);

    public RecordsContext CreateWriterContext()
    {
        _owner ??= TakeDatabase();
        return new PostgreSqlRecordsContext(
            new DbContextOptionsBuilder<PostgreSqlRecordsContext>().UseNpgsql(_owner).AddInterceptors(_interceptors).Options);
    }

    public Task<IDbContextTransaction> BeginSnapshotAsync(RecordsContext db, CancellationToken cancellation) =>
        db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    public bool IsConstraint(Exception e) => Find(e) is PostgresException { SqlState: ['2', '3', ..] };

    public RecordsUnavailableException? Unavailable(Exception e) =>
        e as RecordsUnavailableException
        ?? (Find(e) is { } failure && Reason(failure) is { } reason ? new RecordsUnavailableException(Name, reason, e) : null);

    /// <summary>
    /// The first try again is at once: a server that was started again has ended every connection, and takes new ones. A server that stays away
    /// is waited for once, and not by everybody who comes after.
    /// </summary>
    public async Task<bool> WaitForReturnAsync(Exception e, int tries, CancellationToken cancellation)
    {
        if (Find(e) is not { } failure || !IsOfRestart(failure)) return false;
        // Those that wait in the pool have ended with it.
        _readers.Clear();
        if (tries > Pauses.Length) _isAway = true;
        if (_isAway) return false;
        await Task.Delay(Pauses[tries - 1], _time, cancellation).ConfigureAwait(false);
        return true;
    }

    public void Answered() => _isAway = false;

    /// <summary>A transaction with an id of its own, which only a primary gives, to its owner.</summary>
    public void Touch(RecordsContext db) => db.Database.ExecuteSqlRaw("SELECT txid_current()");

    /// <summary>Autovacuum does it.</summary>
    public void Purge()
    {
    }

    public void Reset()
    {
        _readers.Clear();
        // One that is sound is kept, with the lock it holds. EF would open a broken one again, without the lock.
        if (_owner is { State: ConnectionState.Open }) return;
        _owner?.Dispose();
        _owner = null;
    }

    public void Dispose()
    {
        _owner?.Dispose();
        _owner = null;
        _readers.Dispose();
    }

    private static NpgsqlException? Find(Exception? e)
    {
        while (e is not null and not NpgsqlException) e = e.InnerException;
        return (NpgsqlException?)e;
    }

    // https://www.postgresql.org/docs/current/errcodes-appendix.html, those that say something about the world rather than about our SQL.
    private static string? Reason(NpgsqlException e) => e is not PostgresException refusal
        ? $"the database server cannot be reached ({Innermost(e).Message.TrimEnd('.')})"
        : Meaning(refusal.SqlState) is { } meaning ? $"{meaning} (SQLSTATE {refusal.SqlState}: {refusal.MessageText})" : null;

    private static string? Meaning(string state) => state switch
    {
        "28000" or "28P01" => "the database server does not let this user in",
        "3D000" => "there is no such database. Make it with createdb",
        "42501" => "this user may not do that. Make it the owner of the database",
        "25006" => "the database is read-only",
        "53100" => "the database's disk is full",
        "53300" => "the database server has no connection left",
        "57P01" or "57P02" or "57P03" => "the database server is stopping or starting",
        ['4', '0', ..] or "55P03" or "55006" => "another program holds a lock on the database",
        ['5', '7', ..] or "55000" => "the database server refused",
        ['0', '8', ..] or ['5', '3', ..] or ['5', '8', ..] => "the database server failed",
        ['X', 'X', ..] => "the database is damaged",
        _ => null,
    };

    /// <summary>A connection that ended or was refused, or a server that says it stops or starts; one that does not answer at all is another thing.</summary>
    private static bool IsOfRestart(NpgsqlException e) => e is PostgresException refusal
        ? refusal.SqlState is "57P01" or "57P02" or "57P03" or ['0', '8', ..]
        : Innermost(e) is IOException or SocketException { SocketErrorCode: not SocketError.TimedOut };

    private static Exception Innermost(Exception e) => e.GetBaseException();

    /// <exception cref="RecordsUnavailableException">Another process has it.</exception>
    private NpgsqlConnection TakeDatabase()
    {
        var connection = new NpgsqlConnection(_ownerString);
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand(OwnerLock, connection);
            command.ExecuteNonQuery();
            return connection;
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }) throw;
            throw new RecordsUnavailableException(
                Name, "another Parley process is using this database. Stop it, or give this one a database of its own", e);
        }
    }

    /// <summary>Looks at the database without changing it. Returns whether it has every migration already.</summary>
    private bool Inspect(RecordsContext db)
    {
        if (Setting(db, "server_encoding") is var encoding and not "UTF8")
            throw new RecordsUnavailableException(Name, $"its encoding is {encoding}. Make one with createdb --encoding=UTF8 --template=template0");
        if (Setting(db, "transaction_read_only") == "on")
            throw new RecordsUnavailableException(Name, "the database is read-only. Name the primary server, not a standby");
        if (Setting(db, "fsync") == "off") Log.NotSynced(_logger, Name);

        var tables = db.Database.SqlQueryRaw<string>("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()").ToList();
        if (!tables.Contains("__EFMigrationsHistory"))
        {
            if (tables.Count > 0)
                throw new RecordsUnavailableException(Name, "the database belongs to another program. Nothing was changed: make one for Parley alone");
            return false;
        }

        return RecordMigrations.AreAllApplied(db, Name);
    }

    private static string Setting(RecordsContext db, string name) =>
        db.Database.SqlQuery<string>($"SELECT current_setting({name}) AS \"Value\"").Single();
}
