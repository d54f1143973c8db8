using Microsoft.EntityFrameworkCore;

namespace Parley.Server.Records;

/// <summary>
/// The same tables in PostgreSQL. A type of its own, because EF finds a provider's migrations by the type of the context: so both
/// sets live in one assembly.
/// </summary>
internal sealed class PostgreSqlRecordsContext(DbContextOptions<PostgreSqlRecordsContext> options) : RecordsContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        base.ConfigureConventions(conventions);

        // By code point, as SQLite compares, whatever language the database was made for.
        conventions.Properties<string>().UseCollation("C");
    }
}
