using Microsoft.EntityFrameworkCore;

namespace Parley.Server.Records;

/// <summary>The same database for what is not of a meeting: keys, secrets, webhooks.</summary>
internal interface IRecordTables
{
    /// <summary>Events for webhooks were written.</summary>
    event Action? Told;

    /// <summary>Completes once what <paramref name="apply"/> wrote is on disk, after all writes that were given before it.</summary>
    /// <exception cref="RecordsUnavailableException">The store failed; nothing was written.</exception>
    Task WriteAsync(Action<RecordsContext> apply);

    /// <summary>Sees one moment of the database, and never waits for the writer.</summary>
    Task<T> ReadAsync<T>(Func<RecordsContext, Task<T>> read);
}

internal static class RecordSecrets
{
    public static Task<byte[]?> ReadSecretAsync(this IRecordTables tables, string name) =>
        tables.ReadAsync(db => db.ServerSecrets.Where(secret => secret.Name == name).Select(secret => secret.Value).SingleOrDefaultAsync());

    public static Task WriteSecretAsync(this IRecordTables tables, string name, byte[] value) => tables.WriteAsync(db =>
    {
        db.ServerSecrets.Where(secret => secret.Name == name).ExecuteDelete();
        db.ServerSecrets.Add(new ServerSecretRow { Name = name, Value = value });
    });
}
