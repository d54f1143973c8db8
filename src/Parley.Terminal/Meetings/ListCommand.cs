using System.CommandLine;
using Parley.Protocol;
using Parley.Terminal.Output;

namespace Parley.Terminal.Meetings;

/// <summary>`parley list`: the open meetings of a server.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Show the open meetings") { JsonOption.Json };
        command.AddServerOptions();
        command.Runs(async (parsed, ct) =>
        {
            using var server = ServerOptions.ServerAt(parsed, ServerOptions.AddressOf(parsed));
            var meetings = await server.ListMeetingsAsync(ct);
            var output = StandardOutput.Create();
            if (parsed.GetValue(JsonOption.Json)) output.AsJson(meetings);
            else Write(output, meetings, server.Address, TimeProvider.System);
        });
        return command;
    }

    internal static void Write(StandardOutput output, IReadOnlyList<MeetingSummary> meetings, Uri server, TimeProvider clock)
    {
        if (meetings.Count == 0)
        {
            output.Line($"No meeting is open at {server.GetLeftPart(UriPartial.Authority)}. Open one with: parley create TITLE");
            return;
        }

        var sheet = new Sheet("Id", "Title", "By", "Started", "Open for", "People") { Wrapping = [1, 2] };
        foreach (var meeting in meetings)
        {
            sheet.Add(
                meeting.Id,
                meeting.Title,
                meeting.CreatedBy,
                Wording.Time(meeting.StartedAt, clock),
                Wording.Duration(clock.GetUtcNow() - meeting.StartedAt),
                $"{meeting.Participants} of {meeting.Capacity}");
        }

        output.Table(sheet);
    }
}
