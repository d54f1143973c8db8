using Microsoft.EntityFrameworkCore;
using Parley.Protocol;

namespace Parley.Server.Records;

/// <summary>Messages with their reactions, out of one moment of the database.</summary>
internal static class ChatReader
{
    /// <summary>Those that are for everyone, and the private ones of these participants.</summary>
    public static IQueryable<ChatRow> ChatFor(this RecordsContext db, string meetingId, IReadOnlyCollection<string> readers) =>
        db.Chat.Where(c => c.MeetingId == meetingId && (c.ToId == null || readers.Contains(c.ToId) || readers.Contains(c.ParticipantId)));

    public static async Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        this RecordsContext db, string meetingId, List<ChatRow> rows, CancellationToken cancellation)
    {
        if (rows.Count == 0) return [];
        // Of the whole meeting, or of a page: either way one query.
        var ids = rows.ConvertAll(row => row.MessageId);
        var reactions = db.Reactions.Where(r => r.MeetingId == meetingId);
        if (rows.Count <= RecordReader.UnfinishedChat) reactions = reactions.Where(r => ids.Contains(r.MessageId));
        var kept = await reactions.OrderBy(r => r.Key).ToListAsync(cancellation).ConfigureAwait(false);
        var byMessage = kept.ToLookup(reaction => reaction.MessageId);
        return rows.ConvertAll(row => row.Message(Group(byMessage[row.MessageId])));
    }

    private static IReadOnlyList<ChatReaction>? Group(IEnumerable<ChatReactionRow> reactions)
    {
        IReadOnlyList<ChatReaction> groups =
        [
            .. reactions.GroupBy(reaction => reaction.Emoji, StringComparer.Ordinal)
                .Select(one => new ChatReaction(one.Key, [.. one.Select(reaction => new ChatPerson(reaction.ParticipantId, reaction.Name))])),
        ];
        return groups.Count > 0 ? groups : null;
    }
}
