using System.Text.Json;
using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Meetings;

public sealed class RecordCommandTests(LiveServer live) : IClassFixture<LiveServer>
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Shows_who_was_there_and_what_was_written_by_link_and_by_id()
    {
        var made = await live.Client.CreateMeetingAsync("Weekly", "Ada", TestContext.Current.CancellationToken);
        await using (var ben = await live.Client.JoinAsync(made.Id, new JoinOptions { Name = "Ben", Media = false }, TestContext.Current.CancellationToken))
        {
            await ben.SendChatAsync("hello all", TestContext.Current.CancellationToken);
            await ben.LeaveAsync(TestContext.Current.CancellationToken);
        }

        var link = new MeetingLink(new Uri(live.Http), made.Id).ToString();
        var printed = (await ParleyProcess.RunAsync("record", link)).Printed();
        Assert.StartsWith("Weekly\nby Ada, ", printed, StringComparison.Ordinal);
        Assert.Contains("ended when the last one left", printed, StringComparison.Ordinal);
        Assert.Contains("\nBen ", printed, StringComparison.Ordinal);
        Assert.Contains("  Ben: hello all\n", printed, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await ParleyProcess.RunAsync("record", made.Id, "--json", "--server", live.Http)).Printed());
        Assert.Equal(
            ["id", "title", "createdBy", "startedAt", "endedAt", "endReason", "endedBy", "mode", "modes", "attendance", "chat", "actions"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        var record = json.Deserialize<MeetingRecord>(ProtocolJson.Options)!;
        Assert.Equal(("Ben", LeaveReason.Left), (Assert.Single(record.Attendance).Name, Assert.Single(record.Attendance).LeaveReason));
        Assert.Equal("hello all", Assert.Single(record.Chat).Text);
    }

    [Fact]
    public async Task Says_it_in_local_time_with_every_line_of_a_message_under_its_name()
    {
        await using var server = await FakeServer.AnsweringAsync(new MeetingRecord(
            "quiet-sea-12345",
            "Weekly",
            "Ada",
            Ten,
            Ten.AddMinutes(65),
            EndReason.Cancelled,
            "Ada",
            MeetingMode.Server,
            [],
            [
                new Attendance("1", "Ada [x]", Ten, Ten.AddSeconds(42), LeaveReason.ConnectionLost),
                new Attendance("2", "Ben", Ten.AddMinutes(1), Ten.AddMinutes(65), LeaveReason.Cancelled),
            ],
            [new ChatMessage("1", "1", "Ada [x]", "one\n2026-01-05 15:31  Ben: two\e[2J", Ten.AddMinutes(1)), new ChatMessage("2", "key_abcdefgh", "Ada", "Not Ada", Ten.AddMinutes(2))]));
        var printed = (await ParleyProcess.RunAsync("record", server.Address + "/m/quiet-sea-12345")).Printed();
        Assert.Equal(
            """
            Weekly
            by Ada, 2026-01-05 15:30 to 2026-01-05 16:35 (1 h 05 min), cancelled by Ada

            NAME     CAME              LEFT              STAYED      HOW
            Ada [x]  2026-01-05 15:30  2026-01-05 15:30  42 s        connection lost
            Ben      2026-01-05 15:31  2026-01-05 16:35  1 h 04 min  meeting cancelled

            2026-01-05 15:31  Ada [x]: one
                              2026-01-05 15:31  Ben: two [2J
            2026-01-05 15:32  Ada (program): Not Ada

            """,
            printed);
    }

    [Fact]
    public async Task An_open_meeting_that_nobody_has_joined_is_said_to_be_so()
    {
        var made = await live.Client.CreateMeetingAsync("Later", "Ada", TestContext.Current.CancellationToken);
        var printed = (await ParleyProcess.RunAsync("record", made.Id, "--server", live.Http)).Printed();
        Assert.Contains("still open", printed, StringComparison.Ordinal);
        Assert.EndsWith("\n\nNobody came.\n\nNo chat.\n", printed, StringComparison.Ordinal);
    }
}
