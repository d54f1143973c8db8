using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Keys = "/api/admin/keys";

    [Fact]
    public async Task A_key_is_made_used_listed_and_revoked()
    {
        using var records = new TemporaryRecords();
        ApiKeyCreated made;
        await using (var server = await TestServer.StartAsync(records))
        {
            made = await server.KeyAsync("admin");
            Assert.StartsWith(made.ApiKey.Prefix + "_", made.Key, StringComparison.Ordinal);
            var listed = Assert.Single(await server.AskAsync<ApiKey[]>(HttpMethod.Get, Keys, made.Key));
            Assert.Equal(("A program", "admin"), (listed.Name, Assert.Single(listed.Scopes)));
            Assert.NotNull(listed.LastUsedAt);
            Assert.DoesNotContain(made.Key, await (await server.CallAsync(HttpMethod.Get, Keys, made.Key)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(0L, records.Sql($"SELECT count(*) FROM \"ApiKeys\" WHERE CAST(\"Hash\" AS TEXT) LIKE '%{made.Key}%' OR \"Id\" || \"Name\" LIKE '%{made.Key}%'"));
        }

        await using var again = await TestServer.StartAsync(records);
        Assert.Equal(HttpStatusCode.NoContent, (await again.CallAsync(HttpMethod.Delete, $"{Keys}/{made.ApiKey.Id}", made.Key)).StatusCode);
        await again.CallAsync(HttpMethod.Get, Keys, made.Key).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.KeyWrong);
        var other = await again.KeyAsync("admin");
        await again.CallAsync(HttpMethod.Delete, $"{Keys}/{made.ApiKey.Id}", other.Key).RefusedAsync(HttpStatusCode.NotFound, ErrorCodes.KeyUnknown);
        Assert.Equal(other.ApiKey.Id, Assert.Single(await again.AskAsync<ApiKey[]>(HttpMethod.Get, Keys, other.Key)).Id);
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_say_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync();
        var (all, other) = (await server.KeyAsync("admin"), await server.KeyAsync("records:read", "meetings:read"));
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, Keys, all.Key)).StatusCode);
        await server.CallAsync(HttpMethod.Get, Keys, other.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
        await server.CallAsync(HttpMethod.Get, Keys).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        Assert.Equal(["meetings:read", "records:read"], other.ApiKey.Scopes);

        var meeting = await server.CreateAsync(new CreateMeeting("Board", "Ada", Passcode: "plum"));
        foreach (var path in new[] { "path", "statistics", "record" })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, $"/api/meetings/{meeting.Id}/{path}", other.Key)).StatusCode);
            await server.CallAsync(HttpMethod.Get, $"/api/meetings/{meeting.Id}/{path}", "guess").RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        }

        var write = await server.KeyAsync("meetings:write", "records:write");
        await server.CallAsync(HttpMethod.Delete, $"/api/meetings/{meeting.Id}", other.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Delete, $"/api/meetings/{meeting.Id}", write.Key)).StatusCode);
        Assert.Equal("A program", (await server.AskAsync<MeetingRecord>(HttpMethod.Get, $"/api/meetings/{meeting.Id}/record", other.Key)).EndedBy);
        await server.CallAsync(HttpMethod.Get, $"/api/meetings/{meeting.Id}/record", write.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await server.CallAsync(HttpMethod.Delete, $"/api/records/{meeting.Id}", other.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Delete, $"/api/records/{meeting.Id}", write.Key)).StatusCode);
    }

    /// <summary>Title and creator of a meeting with a lobby or a passcode are its own affair.</summary>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "plum")]
    public async Task Strangers_find_closed_meetings_in_no_list_and_learn_no_name(bool lobby, string? passcode)
    {
        await using var server = await TestServer.StartAsync();
        var open = await server.CreateAsync();
        var closed = await server.CreateAsync(new CreateMeeting("Board", "Ada", passcode, lobby));
        var key = (await server.KeyAsync("meetings:read", "records:read")).Key;
        Assert.Equal(open.Id, Assert.Single(await server.AskAsync<MeetingSummary[]>(HttpMethod.Get, "/api/meetings")).Id);
        Assert.Equal(open.Id, Assert.Single(await server.AskAsync<MeetingRecordSummary[]>(HttpMethod.Get, "/api/records")).Id);
        Assert.Equal(2, (await server.AskAsync<MeetingSummary[]>(HttpMethod.Get, "/api/meetings", key)).Length);
        Assert.Equal(2, (await server.AskAsync<MeetingRecordSummary[]>(HttpMethod.Get, "/api/records", key)).Length);

        var path = $"/api/meetings/{closed.Id}";
        var seen = await server.AskAsync<MeetingSummary>(HttpMethod.Get, path);
        Assert.Equal(("", "", lobby), (seen.Title, seen.CreatedBy, seen.Lobby));
        foreach (var secret in new[] { key, closed.CreatorSecret })
            Assert.Equal(closed.Meeting, await server.AskAsync<MeetingSummary>(HttpMethod.Get, path, secret));

        await server.CallAsync(HttpMethod.Delete, path, closed.CreatorSecret);
        var gone = await (await server.CallAsync(HttpMethod.Get, path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(ErrorCodes.MeetingEnded, gone, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_wrong_or_has_expired_is_refused_even_where_none_is_needed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57));
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<TimeProvider>(time), "Parley:Rates:SignIns:Burst=5", "Parley:Rates:SignIns:PerMinute=1");
        var cookie = await server.SignInAsync();
        var body = new CreateApiKey("Short", ["meetings:read"], time.GetUtcNow().AddHours(1));
        var key = (await (await server.CallAsync(HttpMethod.Post, Keys, null, body, cookie, server.OwnOrigin())).ReadAsync<ApiKeyCreated>()).Key;
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, "/api/meetings", key)).StatusCode);
        time.Advance(TimeSpan.FromHours(1));
        foreach (var wrong in new[] { key, key[..^1], key + "x", "parley_", "parley_" + new string('x', 5000) })
            await server.CallAsync(HttpMethod.Get, "/api/meetings", wrong).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.KeyWrong);
        await server.CallAsync(HttpMethod.Get, "/api/meetings", "parley_guess").RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, "/api/meetings")).StatusCode);
    }

    [Fact]
    public async Task A_key_without_a_name_a_known_scope_or_a_future_is_not_made()
    {
        await using var server = await TestServer.StartAsync();
        var key = (await server.KeyAsync("admin")).Key;
        foreach (var (body, code) in new[]
        {
            (new CreateApiKey(" ", ["admin"]), ErrorCodes.NameInvalid), (new CreateApiKey("x", []), ErrorCodes.RequestInvalid), (new CreateApiKey("x", null), ErrorCodes.RequestInvalid),
            (new CreateApiKey("x", ["meetings:read", "everything"]), ErrorCodes.RequestInvalid), (new CreateApiKey("x", [null]), ErrorCodes.RequestInvalid),
            (new CreateApiKey("x", ["admin"], DateTimeOffset.UnixEpoch), ErrorCodes.RequestInvalid),
        })
        {
            await server.CallAsync(HttpMethod.Post, Keys, key, body).RefusedAsync(HttpStatusCode.BadRequest, code);
        }
    }

    [Fact]
    public async Task Calls_with_a_key_are_counted_by_the_key_and_not_by_the_address()
    {
        await using var server = await TestServer.StartAsync(
            "Parley:Rates:Reads:Burst=1", "Parley:Rates:Reads:PerMinute=1", "Parley:Rates:Keys:Burst=3", "Parley:Rates:Keys:PerMinute=1");
        var key = (await server.KeyAsync("meetings:read")).Key;
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, "/api/meetings", key)).StatusCode);
        await server.CallAsync(HttpMethod.Get, "/api/meetings", key).RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Get, "/api/meetings")).StatusCode);
        await server.CallAsync(HttpMethod.Get, "/api/meetings").RefusedAsync(HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
    }
}
