using Npgsql;

namespace Parley.Server.Tests.Records;

/// <summary>An empty database of one test, on the server that <c>scripts/with-postgresql</c> has started.</summary>
internal sealed class PostgreSqlDatabase : IDisposable
{
    public const string Variable = "PARLEY_TEST_POSTGRESQL";

    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <param name="options">Of CREATE DATABASE.</param>
    public PostgreSqlDatabase(string options = "")
    {
        Name = $"parley_{Guid.NewGuid():N}";
        // A pool of one test would outlive it.
        _connection = new NpgsqlConnectionStringBuilder(Server) { Database = Name, MaxPoolSize = 10 };
        OnServer($"CREATE DATABASE {Name} TEMPLATE template0 {options}");
    }

    /// <summary>A connection string without a database, or null where there is no server.</summary>
    public static string? Server => Environment.GetEnvironmentVariable(Variable);

    public string Name { get; }

    public string ConnectionString => _connection.ConnectionString;

    public string Password => _connection.Password!;

    /// <summary>Runs SQL beside the server, as an operator's tool would; returns the first value.</summary>
    public object? Sql(string sql) => Run(ConnectionString, sql);

    /// <summary>From the database that is always there.</summary>
    public static object? OnServer(string sql) => Run($"{Server};Database=postgres", sql);

    /// <summary>As if the server were gone: who is connected is thrown out, and nobody gets in.</summary>
    public void GoAway()
    {
        OnServer($"ALTER DATABASE {Name} WITH ALLOW_CONNECTIONS false");
        EndSessions();
    }

    public void ComeBack() => OnServer($"ALTER DATABASE {Name} WITH ALLOW_CONNECTIONS true");

    public void EndSessions() => OnServer($"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{Name}'");

    public void Dispose() => OnServer($"DROP DATABASE {Name} WITH (FORCE)");

    private static object? Run(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // Constants of the tests.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
