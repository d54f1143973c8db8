using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Parley.Server.Records;

/// <summary>For `dotnet ef migrations add` only: contexts without the rest of the server.</summary>
internal sealed class DesignTimeRecordsContext : IDesignTimeDbContextFactory<RecordsContext>, IDesignTimeDbContextFactory<PostgreSqlRecordsContext>
{
    RecordsContext IDesignTimeDbContextFactory<RecordsContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<RecordsContext>().UseSqlite("Data Source=:memory:").Options);

    PostgreSqlRecordsContext IDesignTimeDbContextFactory<PostgreSqlRecordsContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlRecordsContext>().UseNpgsql("Host=localhost").Options);
}
