using Microsoft.EntityFrameworkCore;

namespace Parley.Server.Records;

/// <summary>What the migrations in a database tell of who wrote it.</summary>
internal static class RecordMigrations
{
    /// <returns>Whether the database has every migration that this version knows.</returns>
    /// <exception cref="RecordsUnavailableException">It has one that this version does not know.</exception>
    public static bool AreAllApplied(RecordsContext db, string store)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = db.Database.GetAppliedMigrations().ToList();
        if (applied.Find(id => !known.Contains(id)) is { } unknown)
        {
            throw new RecordsUnavailableException(
                store,
                $"the database was written by a newer version of Parley (it has '{unknown}'). Nothing was changed: start that version");
        }
        return applied.Count == known.Count;
    }
}
