using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Parley.Server.Records;

namespace Parley.Server.Tests.Records;

/// <summary>
/// Where the records of one test are: in SQLite, or in PostgreSQL when <see cref="PostgreSqlDatabase.Variable"/> names a server.
/// <c>./test</c> runs the suite once with each.
/// </summary>
internal sealed class TemporaryRecords : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgreSqlDatabase? _database = UsePostgreSql ? new() : null;

    public static bool UsePostgreSql => PostgreSqlDatabase.Server is not null;

    /// <summary>The data folder, or a connection string: what another process needs to know.</summary>
    public string Place => _database?.ConnectionString ?? _folder.Path;

    /// <summary>Where all is that is in no database.</summary>
    public string DataFolder => _folder.Path;

    /// <summary>What an operator would set, without "Parley:".</summary>
    public string[] Settings => [$"DataFolder={_folder.Path}", $"Records:PostgreSql={_database?.ConnectionString}"];

    public static IRecordStore StoreAt(string place, params IEnumerable<IInterceptor> interceptors) => UsePostgreSql
        ? new PostgreSqlStore(place, NullLogger.Instance, TimeProvider.System, interceptors)
        : new SqliteStore(place, interceptors);

    /// <summary>What the database throws when a commit does not reach the disk.</summary>
    public static DbException FailedCommit() => UsePostgreSql
        ? new NpgsqlException("Exception while reading from stream", new IOException("Connection reset by peer"))
        : new SqliteException("disk I/O error", 10);

    public MeetingRecords Open() => RecordsFixture.Open(Place);

    public object? Sql(string sql) => _database is null ? RecordsFixture.Sql(_folder.Database, sql) : _database.Sql(sql);

    /// <summary>Finds what a crash might have broken.</summary>
    public void AssertWhole()
    {
        if (_database is null) Assert.Equal("ok", Sql("PRAGMA integrity_check"));
    }

    public void Dispose()
    {
        _database?.Dispose();
        _folder.Dispose();
    }
}
