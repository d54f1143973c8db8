using System.CommandLine;
using Parley.Protocol;
using Parley.Terminal.Output;

namespace Parley.Terminal.Meetings;

/// <summary>`parley record`: what is kept of a meeting, open or ended.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var meeting = new Argument<string>("LINK|ID") { Description = "The meeting's link, or its id" };
        var command = new Command("record", "Show who met, when, for how long, and the chat") { meeting, JsonOption.Json };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            var link = ServerOptions.LinkOf(parsed, parsed.GetRequiredValue(meeting));
            using var server = ServerOptions.ServerAt(parsed, link.Server);
            var record = await server.GetRecordAsync(link.MeetingId, ct);
            var output = StandardOutput.Create();
            if (parsed.GetValue(JsonOption.Json)) output.AsJson(record);
            else Write(output, record, TimeProvider.System);
        });
        return command;
    }

    internal static void Write(StandardOutput output, MeetingRecord record, TimeProvider clock)
    {
        output.Line(record.Title);
        output.Line($"by {record.CreatedBy}, {Period(record.StartedAt, record.EndedAt, clock)}, {Wording.Of(record.EndReason, record.EndedBy)}");
        WriteAttendance(output, record.Attendance, clock);
        WriteChat(output, record.Chat, clock);
    }

    private static void WriteAttendance(StandardOutput output, IReadOnlyList<Attendance> stays, TimeProvider clock)
    {
        output.Line();
        if (stays.Count == 0)
        {
            output.Line("Nobody came.");
            return;
        }

        var sheet = new Sheet("Name", "Came", "Left", "Stayed", "How") { Wrapping = [0, 4] };
        foreach (var stay in stays)
        {
            sheet.Add(
                stay.Name,
                Wording.Time(stay.JoinedAt, clock),
                stay.LeftAt is { } left ? Wording.Time(left, clock) : "",
                Wording.Duration((stay.LeftAt ?? clock.GetUtcNow()) - stay.JoinedAt),
                stay.LeftAt is null ? "still there" : Wording.Of(stay.LeaveReason));
        }

        output.Table(sheet);
    }

    private static void WriteChat(StandardOutput output, IReadOnlyList<ChatMessage> chat, TimeProvider clock)
    {
        output.Line();
        if (chat.Count == 0) output.Line("No chat.");
        foreach (var message in chat)
        {
            var lines = SafeText.Lines(Wording.Of(message)).Split('\n');
            output.Line($"{Wording.Time(message.SentAt, clock)}  {Wording.AuthorOf(message)}: {lines[0]}");
            // Indented, so that no line of a message looks like another's.
            foreach (var line in lines.Skip(1)) output.Line("                  " + line);
        }
    }

    private static string Period(DateTimeOffset from, DateTimeOffset? to, TimeProvider clock) => to is { } end
        ? $"{Wording.Time(from, clock)} to {Wording.Time(end, clock)} ({Wording.Duration(end - from)})"
        : $"since {Wording.Time(from, clock)} ({Wording.Duration(clock.GetUtcNow() - from)})";
}
