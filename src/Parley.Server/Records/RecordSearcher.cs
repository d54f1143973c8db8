using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>Finds records for who may read all of them.</summary>
internal sealed class RecordSearcher(IRecordTables tables)
{
    /// <summary>Newest first, in pages as those of <see cref="IMeetingRecords.ListAsync"/>.</summary>
    public Task<IReadOnlyList<MeetingRecordSummary>> FindAsync(RecordSearch search, int limit, CancellationToken cancellation) =>
        tables.ReadAsync(db => RecordReader.PageAsync(Matching(db.Meetings, search), search.Before, limit, cancellation));

    private static IQueryable<MeetingRow> Matching(IQueryable<MeetingRow> meetings, RecordSearch search)
    {
        if (search.From is { } from) meetings = meetings.Where(m => m.StartedAt >= from);
        if (string.IsNullOrWhiteSpace(search.Text)) return meetings;
#pragma warning disable CA1304, CA1311, CA1862 // These become SQL, which has no culture.
        var text = search.Text.Trim().ToLowerInvariant();
        return meetings.Where(m =>
            m.Title.ToLower().Contains(text) || m.CreatedBy.ToLower().Contains(text) || m.Stays.Any(stay => stay.Name.ToLower().Contains(text)));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
