using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Parley.Server.Records;

/// <summary>
/// Times are kept as milliseconds since 1970 UTC, the resolution of the protocol. SQLite has no type for times and cannot
/// compare DateTimeOffset in SQL; integers sort, compare and index in every database.
/// </summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
