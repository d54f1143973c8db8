using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Parley.Server.Records;

/// <summary>Takes a meeting out of the tables, in pieces that hold up no other writer for long.</summary>
internal static class RecordDeletion
{
    /// <summary>Rows in one write.</summary>
    public const int Piece = 1000;

    /// <returns>Whether there is more of it to delete.</returns>
    /// <exception cref="InvalidOperationException">The meeting is open.</exception>
    public static bool DeletePiece(RecordsContext db, string meetingId)
    {
        if (db.Meetings.Any(m => m.Id == meetingId && m.EndedAt == null))
            throw new InvalidOperationException($"Meeting '{meetingId}' is open: only an ended one can be deleted.");

        // Whatever tables there are that refer to a meeting: one that is new is not forgotten.
        var left = Piece;
        foreach (var reference in db.Model.FindEntityType(typeof(MeetingRow))!.GetReferencingForeignKeys())
        {
            left -= DeleteRows(db, reference, meetingId, left);
            if (left == 0) return true;
        }

        db.Meetings.Where(m => m.Id == meetingId).ExecuteDelete();
        return false;
    }

    private static int DeleteRows(RecordsContext db, IForeignKey reference, string meetingId, int most)
    {
        var rows = reference.DeclaringEntityType;
        var (table, key) = (rows.GetTableName(), rows.FindPrimaryKey()!.Properties.Single().GetColumnName());
        var meeting = reference.Properties.Single().GetColumnName();
#pragma warning disable EF1002 // Names of our own tables and columns.
        return db.Database.ExecuteSqlRaw(
            $$"""DELETE FROM "{{table}}" WHERE "{{key}}" IN (SELECT "{{key}}" FROM "{{table}}" WHERE "{{meeting}}" = {0} LIMIT {1})""",
            meetingId,
            most);
#pragma warning restore EF1002
    }
}
