using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Parley.Server.Tests.Records;

/// <summary>Makes the real SQLite refuse with its own errors, as a full or read-only disk would, while <see cref="Pragma"/> is set.</summary>
internal sealed class FailingDisk : DbConnectionInterceptor
{
    public const string Full = "PRAGMA max_page_count = 1";
    public const string ReadOnly = "PRAGMA query_only = 1";

    private const string Healthy = "PRAGMA max_page_count = 1073741823; PRAGMA query_only = 0";

    public string? Pragma { get; set; }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants above.
        command.CommandText = Pragma ?? Healthy;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
