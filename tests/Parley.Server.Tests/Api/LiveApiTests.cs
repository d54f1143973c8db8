using System.Net;
using Parley.Protocol;
using Parley.Server.Tests.Access;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class LiveApiTests
{
    private const string Live = "/api/admin/live", Records = "/api/admin/records";

    [Fact]
    public async Task Who_administers_sees_the_server_and_who_is_in_which_meeting()
    {
        await using var server = await TestServer.StartAsync("Parley:Records:RetentionDays=30");
        var meeting = await server.CreateAsync(new CreateMeeting("Board", "Ada") { Passcode = "sesame" });
        await server.CreateAsync("Empty");
        await using var ada = await TestClient.ConnectAsync(server);
        await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);

        var cookie = await server.SignInAsync();
        var response = await server.CallAsync(HttpMethod.Get, Live, null, null, cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var live = await response.ReadAsync<LiveView>();
        Assert.Equal((2, 1, 30), (live.Server.Meetings, live.Server.Participants, live.Server.RetentionDays));
        Assert.True(live.Server is { Memory: > 1_000_000, ProcessorSeconds: > 0, Processors: > 0 } && live.Server.StartedAt < live.Server.At);
        Assert.Equal(2, live.Meetings.Count);
        var board = Assert.Single(live.Meetings, one => one.Meeting.Id == meeting.Id);
        Assert.Equal(("Board", MeetingMode.Server), (board.Meeting.Title, board.Mode.Mode));
        var person = Assert.Single(board.Participants).Participant;
        Assert.Equal(("Ada", Role.Host, Presence.Connected), (person.Name, person.Role, person.Presence));
        Assert.Empty(Assert.Single(live.Meetings, one => one.Meeting.Title == "Empty").Participants);
    }

    [Fact]
    public async Task Nobody_else_sees_any_of_it()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in new[] { Live, Records })
        {
            await server.CallAsync(HttpMethod.Get, path).RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
            await server.CallAsync(HttpMethod.Get, path, "another-secret").RefusedAsync(HttpStatusCode.Unauthorized, ErrorCodes.SignInNeeded);
        }

        var reader = await server.KeyAsync("meetings:read", "meetings:write");
        await server.CallAsync(HttpMethod.Get, Live, reader.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
        await server.CallAsync(HttpMethod.Get, Records, reader.Key).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.ScopeMissing);
    }

    [Fact]
    public async Task Records_are_found_by_title_by_person_and_by_time()
    {
        await using var server = await TestServer.StartAsync();
        var plan = await server.CreateAsync("Weekly PLANNING", "Ada");
        var budget = await server.CreateAsync(new CreateMeeting("Budget, 100% of it", "Ada") { Passcode = "sesame" });
        await using var ben = await TestClient.ConnectAsync(server);
        await ben.JoinAsync(budget.Id, "Ben Weber", secret: budget.CreatorSecret);
        var key = (await server.KeyAsync("records:read")).Key;

        foreach (var (query, titles) in new (string Query, string[] Titles)[]
        {
            ("", [budget.Meeting.Title, plan.Meeting.Title]),
            ("?search=planning", [plan.Meeting.Title]),
            ("?search=ADA", [budget.Meeting.Title, plan.Meeting.Title]),
            ("?search=%20weber%20", [budget.Meeting.Title]),
            ("?search=100%25", [budget.Meeting.Title]),
            // No wildcards, and no SQL.
            ("?search=%25", [budget.Meeting.Title]),
            ("?search=_", []),
            ("?search='%20OR%201=1%20--", []),
            ("?from=2020-01-01T00:00:00Z", [budget.Meeting.Title, plan.Meeting.Title]),
            ("?before=2020-01-01T00:00:00Z", []),
            ("?from=2999-01-01T00:00:00Z", []),
        })
        {
            var found = await server.AskAsync<MeetingRecordSummary[]>(HttpMethod.Get, Records + query, key);
            Assert.Equal(titles.Order(), found.Select(record => record.Title).Order());
        }

        foreach (var query in new[] { "?limit=0", "?limit=101", "?search=" + new string('x', 121), "?from=yesterday" })
            await server.CallAsync(HttpMethod.Get, Records + query, key).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
    }

    [Fact]
    public async Task Pages_of_what_was_found_follow_one_another()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 7; i++) await server.CreateAsync($"Team {i}", "Ada");
        await server.CreateAsync("Another", "Ada");
        var key = (await server.KeyAsync("records:read")).Key;
        var found = new List<string>();
        for (var before = ""; found.Count < 7;)
        {
            var page = await server.AskAsync<MeetingRecordSummary[]>(HttpMethod.Get, $"{Records}?search=team&limit=2{before}", key);
            Assert.NotEmpty(page);
            found.AddRange(page.Select(record => record.Title));
            before = "&before=" + Uri.EscapeDataString(page[^1].StartedAt.ToString("O"));
        }

        Assert.Equal(["Team 0", "Team 1", "Team 2", "Team 3", "Team 4", "Team 5", "Team 6"], found.Order());
    }
}
