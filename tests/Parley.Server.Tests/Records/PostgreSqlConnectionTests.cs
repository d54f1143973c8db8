using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Parley.Server.Records;

namespace Parley.Server.Tests.Records;

public sealed class PostgreSqlConnectionTests
{
    [Theory]
    [InlineData("", 5, 10)]
    [InlineData(";Timeout=60;CommandTimeout=120", 60, 120)]
    public void A_server_that_hangs_is_waited_for_shortly_unless_said_otherwise(string given, int connect, int command)
    {
        using var store = new PostgreSqlStore("Host=db;Database=parley;Username=parley;Password=secret" + given, NullLogger.Instance, TimeProvider.System);
        using var db = store.CreateContext();

        var used = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString());

        Assert.Equal((connect, command), (used.Timeout, used.CommandTimeout));
        Assert.Equal("parley on db:5432", store.Name);
    }
}
