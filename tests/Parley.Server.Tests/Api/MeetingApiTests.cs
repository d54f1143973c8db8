using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Protocol;
using Parley.Server.Records;
using Parley.Server.Tests.Access;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class MeetingApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_meeting_is_made_listed_read_cancelled_and_kept()
    {
        await using var server = await TestServer.StartAsync();
        var limits = await server.Http.GetFromJsonAsync<Limits>("/api/limits", ProtocolJson.Options, Cancellation);
        Assert.Equal(new Limits(60, 120, 5000, 50, 8, 25 << 20), limits);

        var response = await server.Http.PostAsJsonAsync("/api/meetings", new CreateMeeting(" <b>Weekly</b> ", "Ada"), ProtocolJson.Options, Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = (await response.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, Cancellation))!;
        Assert.Equal($"/api/meetings/{made.Id}", response.Headers.Location?.ToString());
        Assert.Equal("<b>Weekly</b>", made.Meeting.Title);
        Assert.Equal([made.Meeting], (await server.Http.GetFromJsonAsync<MeetingSummary[]>("/api/meetings", ProtocolJson.Options, Cancellation))!);
        Assert.Equal(made.Meeting, await server.Http.GetFromJsonAsync<MeetingSummary>($"/api/meetings/{made.Id}", ProtocolJson.Options, Cancellation));

        await AssertProblemAsync(await CancelAsync(server, made.Id, null), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await AssertProblemAsync(await CancelAsync(server, made.Id, "wrong"), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Equal(HttpStatusCode.NoContent, (await CancelAsync(server, made.Id, made.CreatorSecret)).StatusCode);
        await AssertProblemAsync(await CancelAsync(server, made.Id, made.CreatorSecret), HttpStatusCode.Gone, ErrorCodes.MeetingEnded);
        await AssertProblemAsync(await server.Http.GetAsync($"/api/meetings/{made.Id}", Cancellation), HttpStatusCode.Gone, ErrorCodes.MeetingEnded);

        var record = await server.Http.GetFromJsonAsync<MeetingRecord>($"/api/meetings/{made.Id}/record", ProtocolJson.Options, Cancellation);
        Assert.Equal((EndReason.Cancelled, "Ada"), (record?.EndReason, record?.EndedBy));
        var summary = Assert.Single((await server.Http.GetFromJsonAsync<MeetingRecordSummary[]>("/api/records", ProtocolJson.Options, Cancellation))!);
        Assert.Equal(made.Id, summary.Id);
        var before = Uri.EscapeDataString(summary.StartedAt.ToString("O"));
        Assert.Empty((await server.Http.GetFromJsonAsync<MeetingRecordSummary[]>($"/api/records?before={before}&limit=1", ProtocolJson.Options, Cancellation))!);
    }

    [Theory]
    [InlineData("{\"title\":\"\",\"createdBy\":\"Ada\"}", HttpStatusCode.BadRequest, ErrorCodes.TitleInvalid)]
    [InlineData("{\"title\":\"x\"}", HttpStatusCode.BadRequest, ErrorCodes.NameInvalid)]
    [InlineData("{\"title\":7}", HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid)]
    [InlineData("{\"title\":", HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid)]
    [InlineData("null", HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid)]
    [InlineData("", HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid)]
    public async Task A_meeting_that_cannot_be_made_is_a_problem_with_its_code(string body, HttpStatusCode status, string code)
    {
        await using var server = await TestServer.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await AssertProblemAsync(await server.Http.PostAsync("/api/meetings", content, Cancellation), status, code);
    }

    [Fact]
    public async Task Everything_else_that_is_wrong_is_a_problem_too()
    {
        await using var server = await TestServer.StartAsync();
        var http = server.Http;
        await AssertProblemAsync(await http.GetAsync("/api/meetings/no-such-abcde", Cancellation), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await AssertProblemAsync(await http.GetAsync("/api/meetings/a%27b%3Cc", Cancellation), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await AssertProblemAsync(await http.GetAsync("/api/meetings/no-such-abcde/record", Cancellation), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await AssertProblemAsync(await CancelAsync(server, "no-such-abcde", "x"), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        foreach (var query in new[] { "limit=0", "limit=101", "limit=x", "before=yesterday" })
            await AssertProblemAsync(await http.GetAsync($"/api/records?{query}", Cancellation), HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
        await AssertProblemAsync(await http.GetAsync("/api/nothing", Cancellation), HttpStatusCode.NotFound, ErrorCodes.RequestInvalid);
        await AssertProblemAsync(await http.PutAsync("/api/meetings", null, Cancellation), HttpStatusCode.MethodNotAllowed, ErrorCodes.RequestInvalid);
        using var text = new StringContent("hello");
        await AssertProblemAsync(await http.PostAsync("/api/meetings", text, Cancellation), HttpStatusCode.UnsupportedMediaType, ErrorCodes.RequestInvalid);
        using var large = new StringContent("{\"title\":\"" + new string('x', 600_000) + "\"}", Encoding.UTF8, "application/json");
        await AssertProblemAsync(await http.PostAsync("/api/meetings", large, Cancellation), HttpStatusCode.RequestEntityTooLarge, ErrorCodes.RequestInvalid);
    }

    [Fact]
    public async Task A_meeting_that_cannot_be_kept_is_not_made()
    {
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<IMeetingRecords>(new InMemoryRecords { Failing = true }));
        await AssertProblemAsync(
            await server.Http.PostAsJsonAsync("/api/meetings", new CreateMeeting("x", "x"), ProtocolJson.Options, Cancellation),
            HttpStatusCode.ServiceUnavailable,
            ErrorCodes.ServerUnavailable);
    }

    [Fact]
    public async Task Meetings_from_one_address_come_at_a_limited_rate()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Creates:Burst=2", "Parley:Rates:Creates:PerMinute=1", "Parley:Limits:Meetings=1");
        await server.CreateAsync();
        var body = new CreateMeeting("x", "x");
        await AssertProblemAsync(
            await server.Http.PostAsJsonAsync("/api/meetings", body, ProtocolJson.Options, Cancellation), HttpStatusCode.ServiceUnavailable, ErrorCodes.ServerFull);
        await AssertProblemAsync(
            await server.Http.PostAsJsonAsync("/api/meetings", body, ProtocolJson.Options, Cancellation), HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task Statistics_are_told_to_who_is_inside_alone()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.CreateAsync();
        var other = await server.CreateAsync();
        await using var client = await TestClient.ConnectAsync(server);
        var ada = (await client.JoinAsync(made.Id, "Ada")).Value!;
        foreach (var secret in new[] { null, "wrong", other.CreatorSecret })
            await AssertProblemAsync(await StatisticsAsync(server, made.Id, secret), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await AssertProblemAsync(await StatisticsAsync(server, other.Id, ada.ResumeToken), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await AssertProblemAsync(await StatisticsAsync(server, "no-such-abcde", made.CreatorSecret), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);

        foreach (var secret in new[] { made.CreatorSecret, ada.ResumeToken })
        {
            var response = await StatisticsAsync(server, made.Id, secret);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var read = (await response.Content.ReadFromJsonAsync<MeetingStatistics>(ProtocolJson.Options, Cancellation))!;
            Assert.Equal([new ParticipantStatistics(ada.ParticipantId, "Ada", null)], read.Participants);
            Assert.Equal(0, read.Rtp.Received.Packets);
        }
    }

    [Fact]
    public async Task What_hosts_did_is_told_to_hosts_alone()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.CreateAsync();
        await using var first = await TestClient.ConnectAsync(server);
        await using var second = await TestClient.ConnectAsync(server);
        var ada = (await first.JoinAsync(made.Id, "Ada", secret: made.CreatorSecret)).Value!;
        var bob = (await second.JoinAsync(made.Id, "Bob")).Value!;
        await first.CallAsync<bool>("changeSettings", new SettingsChange(Locked: true));
        foreach (var secret in new[] { null, "wrong", bob.ResumeToken })
            Assert.Null((await RecordAsync(server, made.Id, secret)).Actions);
        await first.CallAsync<bool>("cancel", made.CreatorSecret);
        foreach (var secret in new[] { made.CreatorSecret, ada.ResumeToken })
        {
            var action = Assert.Single((await RecordAsync(server, made.Id, secret)).Actions!);
            Assert.Equal((HostActionKind.Locked, ada.ParticipantId, "Ada"), (action.Action, action.ById, action.By));
        }
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "sesame")]
    public async Task A_closed_meeting_shows_nothing_of_its_inside(bool lobby, string? passcode)
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.CreateAsync(new CreateMeeting("Weekly", "Ada", passcode, lobby));
        await using var client = await TestClient.ConnectAsync(server);
        var ada = (await client.JoinAsync(made.Id, "Ada", secret: made.CreatorSecret)).Value!;
        foreach (var what in new[] { "path", "record", "statistics" })
        {
            foreach (var secret in new[] { null, "wrong" })
                await AssertProblemAsync(await GetAsync(server, made.Id, what, secret), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
            foreach (var secret in new[] { made.CreatorSecret, ada.ResumeToken })
                Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, made.Id, what, secret)).StatusCode);
        }

        // Who looks it up learns that it is closed, and no more; and so after its end.
        var seen = (await server.Http.GetFromJsonAsync<MeetingSummary>($"/api/meetings/{made.Id}", ProtocolJson.Options, Cancellation))!;
        Assert.Equal((lobby, passcode is not null, null), (seen.Lobby, seen.Passcode, seen.Participants));
        Assert.Equal(1, (await server.AskAsync<MeetingSummary>(HttpMethod.Get, $"/api/meetings/{made.Id}", ada.ResumeToken)).Participants);
        await client.CallAsync<bool>("cancel", made.CreatorSecret);
        await AssertProblemAsync(await GetAsync(server, made.Id, "record", null), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, made.Id, "record", ada.ResumeToken)).StatusCode);
    }

    [Fact]
    public async Task Plans_that_make_no_sense_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (plan, code) in new (string, string)[]
        {
            ("{\"title\":\"x\",\"createdBy\":\"x\",\"capacity\":0}", ErrorCodes.ScheduleInvalid),
            ("{\"title\":\"x\",\"createdBy\":\"x\",\"expiresAt\":\"2001-01-01T00:00:00Z\"}", ErrorCodes.ScheduleInvalid),
            ("{\"title\":\"x\",\"createdBy\":\"x\",\"passcode\":\"   \"}", ErrorCodes.PasscodeInvalid),
            ("{\"title\":\"x\",\"createdBy\":\"x\",\"notBefore\":\"soon\"}", ErrorCodes.RequestInvalid),
        })
        {
            using var body = new StringContent(plan, System.Text.Encoding.UTF8, "application/json");
            await AssertProblemAsync(await server.Http.PostAsync("/api/meetings", body, Cancellation), HttpStatusCode.BadRequest, code);
        }
    }

    [Fact]
    public async Task Health_says_whether_it_runs_and_takes_meetings()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/ready", Cancellation)).StatusCode);

        await using var full = await TestServer.StartAsync(services => services.AddSingleton<IMeetingRecords>(new InMemoryRecords { Failing = true }));
        var ready = await full.Http.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("the records cannot be written", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> CancelAsync(TestServer server, string id, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/meetings/{id}");
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await server.Http.SendAsync(request, Cancellation);
    }

    private static async Task<MeetingRecord> RecordAsync(TestServer server, string id, string? secret) =>
        (await (await GetAsync(server, id, "record", secret)).Content.ReadFromJsonAsync<MeetingRecord>(ProtocolJson.Options, Cancellation))!;

    private static Task<HttpResponseMessage> StatisticsAsync(TestServer server, string id, string? secret) => GetAsync(server, id, "statistics", secret);

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string id, string what, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/meetings/{id}/{what}");
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await server.Http.SendAsync(request, Cancellation);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("urn:parley:error:" + code, problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
    }
}
