using System.Buffers;
using System.Globalization;
using System.Text;
using Parley.Protocol;

namespace Parley.Server.Api;

/// <summary>Records as comma-separated values (RFC 4180) that a spreadsheet opens as text, never as formulas.</summary>
internal static class CsvFile
{
    public const string ContentType = "text/csv; charset=utf-8; header=present";

    /// <summary>What spreadsheets take for the beginning of a formula, or skip before one; full-width forms too.</summary>
    private static readonly SearchValues<char> FormulaStart = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    /// <summary>What has to stand in quotes (RFC 4180 §2.6).</summary>
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static byte[] Attendance(MeetingRecord record) => Write(
        ["participantId", "name", "joinedAt", "leftAt", "leaveReason", "seconds"],
        record.Attendance.Select(stay => new[]
        {
            stay.ParticipantId, stay.Name, Time(stay.JoinedAt), stay.LeftAt is { } left ? Time(left) : "", Word(stay.LeaveReason),
            stay.LeftAt is { } end ? ((long)(end - stay.JoinedAt).TotalSeconds).ToString(CultureInfo.InvariantCulture) : "",
        }));

    public static byte[] Chat(MeetingRecord record) => Write(
        ["sentAt", "participantId", "name", "text", "id", "to", "file", "deletedAt", "deletedBy"],
        record.Chat.Select(message => new[]
        {
            Time(message.SentAt), message.ParticipantId, message.Name, message.Text, message.Id, message.To?.Name ?? "", message.File?.Name ?? "",
            message.Deleted is { } deleted ? Time(deleted.At) : "", message.Deleted?.By.Name ?? "",
        }));

    /// <summary>Lines of fields, each guarded and quoted as it needs. The byte order mark tells Excel that it is UTF-8.</summary>
    internal static byte[] Write(string[] header, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder().Append('\uFEFF');
        foreach (var row in rows.Prepend(header)) text.AppendJoin(',', row.Select(Field)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Field(string value)
    {
        var guarded = value.Length > 0 && FormulaStart.Contains(value[0]) ? "'" + value : value;
        return guarded.AsSpan().ContainsAny(Quoted) ? $"\"{guarded.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : guarded;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Word(LeaveReason? reason) => reason is { } known ? char.ToLowerInvariant($"{known}"[0]) + $"{known}"[1..] : "";
}
