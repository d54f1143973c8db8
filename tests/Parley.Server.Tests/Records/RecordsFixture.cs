using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Protocol;
using Parley.Server.Files;
using Parley.Server.Records;

namespace Parley.Server.Tests.Records;

/// <summary>What the tests of the records share.</summary>
internal static class RecordsFixture
{
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 30, 0, TimeSpan.Zero);

    public static byte[] Hash(byte seed) => Enumerable.Repeat(seed, 32).ToArray();

    public static ChatMessage Message(int number, string participant = "p1", string? text = null) =>
        new($"m{number}", participant, "Ada", text ?? $"line {number}", Start.AddMilliseconds(number));

    /// <param name="place">That of a <see cref="TemporaryRecords"/>.</param>
    public static MeetingRecords Open(string place) => Open(TemporaryRecords.StoreAt(place));

    /// <param name="files">Null where the test has none.</param>
    public static MeetingRecords Open(IRecordStore store, FileStore? files = null)
    {
        files ??= new FileStore(Path.Combine(Path.GetTempPath(), $"parley-no-files-{Guid.NewGuid():N}"), 0);
        var records = new MeetingRecords(store, files, NullLogger<MeetingRecords>.Instance);
        records.Initialize();
        return records;
    }

    public static Task CreateAsync(this IMeetingRecords records, string id, DateTimeOffset? at = null) =>
        records.MeetingCreatedAsync(id, $"Title of {id}", "Ada", Hash(1), at ?? Start);

    public static Task JoinAsync(this IMeetingRecords records, string meeting, string participant, DateTimeOffset? at = null) =>
        records.ParticipantJoinedAsync(meeting, participant, $"Name of {participant}", participant == "p1" ? Role.Host : Role.Participant, Hash(2), at ?? Start);

    /// <summary>Runs SQL on a SQLite file beside the server, as an operator's tool would; returns the first value.</summary>
    public static object? Sql(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
