using System.Text.Json;
using Parley.Protocol;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Meetings;

public sealed class ListCommandTests(LiveServer live) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Shows_each_open_meeting_in_plain_columns_when_nobody_looks()
    {
        var made = await live.Client.CreateMeetingAsync("Weekly", "Ada", TestContext.Current.CancellationToken);
        var lines = (await ParleyProcess.RunAsync("list", "--server", live.Http)).Printed().Split('\n');
        Assert.StartsWith("ID ", lines[0], StringComparison.Ordinal);
        var line = Assert.Single(lines, line => line.StartsWith(made.Id, StringComparison.Ordinal));
        Assert.Contains("  Weekly  ", line, StringComparison.Ordinal);
        Assert.EndsWith("  0 of 50", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_what_the_protocol_says()
    {
        var made = await live.Client.CreateMeetingAsync("For scripts", "Ada", TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse((await ParleyProcess.RunAsync("list", "--json", "--server", live.Http)).Printed());
        var meeting = json.RootElement.EnumerateArray().Single(meeting => meeting.GetProperty("id").GetString() == made.Id);
        Assert.Equal(
            ["id", "title", "createdBy", "startedAt", "participants", "capacity", "locked", "lobby", "passcode", "lasting", "notBefore", "expiresAt", "tokenOnly"],
            meeting.EnumerateObject().Select(property => property.Name));
        Assert.Equal(made.Meeting, meeting.Deserialize<MeetingSummary>(ProtocolJson.Options));
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_taken_only_by_its_fingerprint_or_unseen()
    {
        var untrusted = (await ParleyProcess.RunAsync("list", "--server", live.Https)).OneLine(ExitCodes.Unreachable);
        Assert.Contains("not trusted", untrusted, StringComparison.Ordinal);
        Assert.Contains("--insecure", untrusted, StringComparison.Ordinal);
        var fingerprint = untrusted.Split("SHA-256 ")[1][..64];
        (await ParleyProcess.RunAsync("list", "--server", live.Https, "--certificate-sha256", fingerprint)).Printed();
        (await ParleyProcess.RunAsync("list", "--server", live.Https, "--insecure")).Printed();
        (await ParleyProcess.RunAsync("list", "--server", live.Https, "--certificate-sha256", new string('0', 64))).OneLine(ExitCodes.Unreachable);
    }

    [Fact]
    public async Task An_empty_server_is_said_in_words_and_an_empty_array()
    {
        await using var empty = await FakeServer.AnsweringAsync(Array.Empty<MeetingSummary>());
        Assert.StartsWith(
            $"No meeting is open at {empty.Address}.", (await ParleyProcess.RunAsync("list", "--server", empty.Address)).Printed(), StringComparison.Ordinal);
        Assert.Equal("[]\n", (await ParleyProcess.RunAsync("list", "--json", "--server", empty.Address)).Printed());
    }

    [Fact]
    public async Task Text_that_would_draw_on_the_terminal_is_shown_as_text()
    {
        const string Hostile = "[red]x[/] \e[31mred\e[0m \u009b2J a\u202Eb\u2066c\r\nID  fake\u2028line";
        await using var hostile = await FakeServer.AnsweringAsync(new[]
        {
            new MeetingSummary("quiet-sea-12345", Hostile, Hostile, DateTimeOffset.UnixEpoch, 1, 2),
        });
        var printed = (await ParleyProcess.RunAsync("list", "--server", hostile.Address)).Printed();
        var line = printed.Split('\n')[1];
        Assert.StartsWith("quiet-sea-12345  [red]x[/]  [31mred [0m  2J abc  ID  fake line  ", line, StringComparison.Ordinal);
        Assert.Contains("  1970-01-01 05:30  ", line, StringComparison.Ordinal);
        Assert.Equal(3, printed.Split('\n').Length);
        Assert.DoesNotContain(printed, character => character is '\e' or '\u009b' or '\u202E' or '\u2066' or '\u2028' or '\r');

        var json = (await ParleyProcess.RunAsync("list", "--json", "--server", hostile.Address)).Printed();
        Assert.All(json, character => Assert.True(character is '\n' or >= ' ' and <= '~'));
        Assert.Equal(Hostile, JsonDocument.Parse(json).RootElement[0].GetProperty("title").GetString());
    }
}
