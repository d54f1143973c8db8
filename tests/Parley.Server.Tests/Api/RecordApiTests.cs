using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Protocol;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class RecordApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_taken_away_as_files()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "=Ada");
        await ada.SayAsync("hello, you");

        var attendance = await server.Http.GetAsync($"/api/records/{meeting.Id}/attendance.csv", Cancellation);
        Assert.Equal("text/csv; charset=utf-8; header=present", attendance.Content.Headers.ContentType?.ToString());
        Assert.Equal($"{meeting.Id}-attendance.csv", attendance.Content.Headers.ContentDisposition?.FileName);
        Assert.Contains(",'=Ada,", await attendance.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var chat = await server.Http.GetStringAsync($"/api/records/{meeting.Id}/chat.csv", Cancellation);
        Assert.Contains(",'=Ada,\"hello, you\",", chat, StringComparison.Ordinal);
        await AssertProblemAsync(await server.Http.GetAsync("/api/records/no-such-abcde/chat.csv", Cancellation), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
    }

    /// <summary>A file is no way around a lobby or a passcode.</summary>
    [Fact]
    public async Task The_files_of_a_closed_meeting_are_for_who_belongs_to_it()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await server.Http.PostAsJsonAsync("/api/meetings", new CreateMeeting("Board", "Ada", Passcode: "plum"), ProtocolJson.Options, Cancellation);
        var meeting = (await answer.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, Cancellation))!;
        foreach (var file in new[] { "attendance.csv", "chat.csv" })
        {
            var path = $"/api/records/{meeting.Id}/{file}";
            await AssertProblemAsync(await server.Http.GetAsync(path, Cancellation), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", meeting.CreatorSecret);
            Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(request, Cancellation)).StatusCode);
        }
    }

    [Fact]
    public async Task A_record_is_deleted_by_who_created_the_meeting_once_it_has_ended()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        var other = await server.CreateAsync();
        await AssertProblemAsync(await DeleteAsync(server, meeting.Id, meeting.CreatorSecret), HttpStatusCode.Conflict, ErrorCodes.MeetingOpen);
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        Assert.True((await ada.CallAsync<bool>("cancel", meeting.CreatorSecret)).Value);
        foreach (var secret in new[] { null, "wrong", other.CreatorSecret })
            await AssertProblemAsync(await DeleteAsync(server, meeting.Id, secret), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(server, meeting.Id, meeting.CreatorSecret)).StatusCode);

        // There never was one: neither its record nor how it ended is told.
        foreach (var path in new[] { $"/api/meetings/{meeting.Id}", $"/api/meetings/{meeting.Id}/record", $"/api/records/{meeting.Id}/chat.csv" })
            await AssertProblemAsync(await server.Http.GetAsync(path, Cancellation), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await AssertProblemAsync(await DeleteAsync(server, meeting.Id, meeting.CreatorSecret), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        var left = await server.Http.GetFromJsonAsync<MeetingRecordSummary[]>("/api/records", ProtocolJson.Options, Cancellation);
        Assert.Equal(other.Id, Assert.Single(left!).Id);
    }

    private static async Task<HttpResponseMessage> DeleteAsync(TestServer server, string id, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/records/{id}");
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await server.Http.SendAsync(request, Cancellation);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
    }
}
