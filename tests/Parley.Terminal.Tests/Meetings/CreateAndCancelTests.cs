using System.Text.Json;
using Parley.Client;
using Parley.Protocol;
using Parley.Terminal.Tests.Harness;

namespace Parley.Terminal.Tests.Meetings;

public sealed class CreateAndCancelTests(LiveServer live) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Create_prints_the_link_alone_and_cancel_knows_the_secret()
    {
        var state = live.NewStateFolder();
        var link = MeetingLink.Parse((await CreateAsync(state, "Weekly", "--name", "Ada")).Printed().TrimEnd('\n'));
        Assert.Equal(live.Http, link.Server.GetLeftPart(UriPartial.Authority));
        var meeting = await live.Client.GetMeetingAsync(link.MeetingId, TestContext.Current.CancellationToken);
        Assert.Equal(("Weekly", "Ada"), (meeting.Title, meeting.CreatedBy));

        Assert.Contains(link.MeetingId, (await ParleyProcess.RunInAsync(state, "cancel", link.ToString())).Printed(), StringComparison.Ordinal);
        var record = await live.Client.GetRecordAsync(link.MeetingId, TestContext.Current.CancellationToken);
        Assert.Equal(EndReason.Cancelled, record.EndReason);
        Assert.DoesNotContain(link.MeetingId, await File.ReadAllTextAsync(FileIn(state), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_all_that_a_script_needs_to_end_it_from_elsewhere()
    {
        using var json = JsonDocument.Parse((await CreateAsync(live.NewStateFolder(), "@scripts [x]", "--json")).Printed());
        Assert.Equal(["id", "link", "creatorSecret", "meeting"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("@scripts [x]", json.RootElement.GetProperty("meeting").GetProperty("title").GetString());
        Assert.Equal(Environment.UserName, json.RootElement.GetProperty("meeting").GetProperty("createdBy").GetString());
        var (id, secret) = (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("creatorSecret").GetString()!);

        var elsewhere = live.NewStateFolder();
        var none = (await CancelAsync(elsewhere, id)).OneLine(ExitCodes.Usage);
        Assert.Contains("--secret", none, StringComparison.Ordinal);
        var wrong = (await CancelAsync(elsewhere, id, "--secret", "wrong")).OneLine(ExitCodes.Refused);
        Assert.EndsWith("(secretWrong)", wrong, StringComparison.Ordinal);
        using var cancelled = JsonDocument.Parse((await CancelAsync(elsewhere, id, "--secret", secret, "--json")).Printed());
        Assert.Equal(["id", "link", "cancelled"], cancelled.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.EndsWith("(meetingEnded)", (await CancelAsync(elsewhere, id, "--secret", secret)).OneLine(ExitCodes.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_title_that_the_server_refuses_is_code_4_with_its_words()
    {
        Assert.EndsWith("(titleInvalid)", (await CreateAsync(live.NewStateFolder(), " ")).OneLine(ExitCodes.Refused), StringComparison.Ordinal);
        Assert.EndsWith("(nameInvalid)", (await CreateAsync(live.NewStateFolder(), "x", "--name", "")).OneLine(ExitCodes.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secrets_file_that_cannot_be_read_stops_before_a_meeting_is_made_and_stays_as_it_is()
    {
        var state = live.NewStateFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(FileIn(state))!);
        await File.WriteAllTextAsync(FileIn(state), "{ \"version\": 1, \"secrets\": [", TestContext.Current.CancellationToken);
        var error = (await CreateAsync(state, "Never made")).OneLine(ExitCodes.Usage);
        Assert.Contains(FileIn(state), error, StringComparison.Ordinal);
        Assert.Equal("{ \"version\": 1, \"secrets\": [", await File.ReadAllTextAsync(FileIn(state), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(await live.Client.ListMeetingsAsync(TestContext.Current.CancellationToken), meeting => meeting.Title == "Never made");
        Assert.Contains(FileIn(state), (await CancelAsync(state, "quiet-sea-12345")).OneLine(ExitCodes.Usage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_kept_is_shown()
    {
        var state = live.NewStateFolder();
        // A file where the folder should be.
        await File.WriteAllTextAsync(Path.Combine(state, "parley"), "", TestContext.Current.CancellationToken);
        var ended = await CreateAsync(state, "Kept nowhere");
        Assert.Equal(0, ended.Code);
        var id = MeetingLink.Parse(ended.Output.TrimEnd('\n')).MeetingId;
        var secret = ended.Error.TrimEnd('\n').Split($"parley cancel {id} --secret ")[1];
        await live.Client.CancelMeetingAsync(id, secret, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Secrets_of_meetings_made_at_the_same_time_are_all_kept()
    {
        var state = live.NewStateFolder();
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => CreateAsync(state, $"Meeting {n}")));
        foreach (var link in made) (await ParleyProcess.RunInAsync(state, "cancel", link.Printed().TrimEnd('\n'))).Printed();
    }

    private static string FileIn(string state) => Path.Combine(state, "parley", "secrets.json");

    private Task<ParleyProcess.Ended> CreateAsync(string state, params string[] more) =>
        ParleyProcess.RunInAsync(state, ["create", "--server", live.Http, .. more]);

    private Task<ParleyProcess.Ended> CancelAsync(string state, string id, params string[] more) =>
        ParleyProcess.RunInAsync(state, ["cancel", id, "--server", live.Http, .. more]);
}
