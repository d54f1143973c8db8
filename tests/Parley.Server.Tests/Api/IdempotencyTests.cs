using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Tests.Access;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class IdempotencyTests
{
    private static readonly CreateMeeting s_body = new("Weekly", "Ada");

    [Fact]
    public async Task The_same_request_again_gets_the_same_meeting_and_another_one_is_refused()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        var first = await MakeAsync(server, "one");
        Assert.Equal(first, await MakeAsync(server, "one"));
        Assert.NotEqual(first.Id, (await MakeAsync(server, "two")).Id);
        await CallAsync(server, "one", s_body with { Title = "Monthly" }).RefusedAsync(HttpStatusCode.UnprocessableEntity, ErrorCodes.IdempotencyKeyReused);

        // A key of a program is its own.
        var key = (await server.KeyAsync("meetings:write")).Key;
        Assert.NotEqual(first.Id, (await (await CallAsync(server, "one", s_body, key)).ReadAsync<MeetingCreated>()).Id);
        time.Advance(TimeSpan.FromHours(1));
        Assert.NotEqual(first.Id, (await MakeAsync(server, "one")).Id);
        foreach (var bad in new[] { "a b", new string('x', 201), "" })
            await CallAsync(server, bad, s_body).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
    }

    [Fact]
    public async Task However_many_ask_at_once_there_is_one_meeting()
    {
        await using var server = await TestServer.StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MakeAsync(server, "one")));
        Assert.Single(made.Distinct());
        Assert.Single(await server.AskAsync<MeetingSummary[]>(HttpMethod.Get, "/api/meetings"));
    }

    [Fact]
    public async Task What_was_refused_may_be_tried_again()
    {
        await using var server = await TestServer.StartAsync("Parley:Limits:Meetings=1");
        var other = await server.CreateAsync();
        await CallAsync(server, "one", s_body).RefusedAsync(HttpStatusCode.ServiceUnavailable, ErrorCodes.ServerFull);
        await server.CallAsync(HttpMethod.Delete, $"/api/meetings/{other.Id}", other.CreatorSecret);
        await MakeAsync(server, "one");
    }

    private static async Task<MeetingCreated> MakeAsync(TestServer server, string key)
    {
        var response = await CallAsync(server, key, s_body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.ReadAsync<MeetingCreated>();
    }

    private static Task<HttpResponseMessage> CallAsync(TestServer server, string key, CreateMeeting body, string? bearer = null) =>
        server.CallAsync(HttpMethod.Post, "/api/meetings", bearer, body, ("Idempotency-Key", key));
}
