using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Access;

public sealed class JoinTokenTests
{
    private const string Secret = "a secret of the settings, which another site has too";

    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddYears(57);

    [Fact]
    public async Task A_token_lets_one_in_past_lobby_and_passcode_under_its_name_and_in_its_role()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Board", "Ada", Passcode: "plum", Lobby: true));
        var made = await server.AskAsync<JoinTokenCreated>(
            HttpMethod.Post, $"/api/meetings/{meeting.Id}/join-tokens", meeting.CreatorSecret, new CreateJoinToken("Bob", Role.Host));
        Assert.Equal($"{server.Address}m/{meeting.Id}#token={made.Token}", made.Link.ToString());

        await using var client = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.PasscodeNeeded, (await client.JoinAsync(meeting.Id, "Eve")).Error?.Code);
        var joined = (await JoinAsync(client, meeting.Id, "Not Bob", made.Token)).Value!;
        var bob = Assert.Single(joined.Meeting.Participants);
        Assert.Equal(("Bob", Role.Host), (bob.Name, bob.Role));
    }

    [Fact]
    public async Task A_name_that_the_token_gave_is_not_changed_by_its_bearer_not_after_a_restart_either()
    {
        using var records = new TemporaryRecords();
        MeetingCreated meeting;
        Joined guest;
        await using (var server = await TestServer.StartAsync(records))
        {
            meeting = await server.CreateAsync();
            var token = await TokenAsync(server, meeting, new CreateJoinToken("Bob", Role.Listener));
            await using var client = await TestClient.ConnectAsync(server);
            guest = (await JoinAsync(client, meeting.Id, null, token)).Value!;
            Assert.Equal(ErrorCodes.NotAllowed, (await client.CallAsync<bool>("rename", new Rename(null, "Eve"))).Error?.Code);
        }

        await using var again = await TestServer.StartAsync(records);
        await using var back = await TestClient.ConnectAsync(again);
        Assert.True((await back.JoinAsync(meeting.Id, "Eve", guest.ResumeToken)).Value!.Resumed);
        Assert.Equal(ErrorCodes.NotAllowed, (await back.CallAsync<bool>("rename", new Rename(null, "Eve"))).Error?.Code);
        await using var host = await TestClient.ConnectAsync(again);
        await host.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
        Assert.True((await host.CallAsync<bool>("rename", new Rename(guest.ParticipantId, "Bobby"))).Value);
    }

    [Fact]
    public async Task A_token_that_knocks_waits_in_the_lobby_and_a_lock_keeps_all_but_hosts_out()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Board", "Ada", Lobby: true));
        await using var client = await TestClient.ConnectAsync(server);
        var knocks = await TokenAsync(server, meeting, new CreateJoinToken("Bob", Knock: true));
        Assert.Equal(ErrorCodes.Waiting, (await JoinAsync(client, meeting.Id, null, knocks)).Error?.Code);

        Assert.Equal(HttpStatusCode.NoContent, (await server.CallAsync(HttpMethod.Patch, $"/api/meetings/{meeting.Id}", meeting.CreatorSecret, new SettingsChange(Locked: true))).StatusCode);
        await using var second = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.MeetingLocked, (await JoinAsync(second, meeting.Id, null, await TokenAsync(server, meeting, new CreateJoinToken("Cleo")))).Error?.Code);
        Assert.NotNull((await JoinAsync(second, meeting.Id, null, await TokenAsync(server, meeting, new CreateJoinToken("Cleo", Role.Host)))).Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_only_tokens_let_in_nobody_else_comes_in_but_the_creator(bool byServer)
    {
        await using var server = byServer ? await TestServer.StartAsync("Parley:JoinTokens:Required=true") : await TestServer.StartAsync();
        var meeting = await server.CreateAsync(new CreateMeeting("Board", "Ada", TokenOnly: !byServer));
        Assert.True((await server.AskAsync<MeetingSummary>(HttpMethod.Get, $"/api/meetings/{meeting.Id}")).TokenOnly);
        Assert.Empty(await server.AskAsync<MeetingSummary[]>(HttpMethod.Get, "/api/meetings"));
        await using var client = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.TokenNeeded, (await client.JoinAsync(meeting.Id, "Eve")).Error?.Code);
        Assert.NotNull((await JoinAsync(client, meeting.Id, "Bob", await TokenAsync(server, meeting, new CreateJoinToken()))).Value);
        await using var creator = await TestClient.ConnectAsync(server);
        Assert.NotNull((await creator.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value);
    }

    /// <summary>Another site signs by itself; what it gets wrong, or somebody forges, lets nobody in.</summary>
    [Fact]
    public async Task Only_a_whole_token_of_now_for_this_meeting_lets_in()
    {
        var time = new FakeTimeProvider(s_now);
        await using var server = await TestServer.StartAsync(services => services.AddSingleton<TimeProvider>(time), "Parley:JoinTokens:Secret=" + Secret, "Parley:Rates:Joins:Burst=100");
        var (meeting, other) = (await server.CreateAsync(), await server.CreateAsync());
        var (now, soon) = (s_now.ToUnixTimeSeconds(), s_now.AddMinutes(5).ToUnixTimeSeconds());
        Dictionary<string, object> Claims(string claim = "role", object? value = null)
        {
            var claims = new Dictionary<string, object>
            {
                ["meeting"] = meeting.Id,
                ["exp"] = soon,
                ["nbf"] = now,
                ["aud"] = "parley",
                ["role"] = "participant",
                ["name"] = "Bob",
                ["knock"] = false,
            };
            if (value is not null) claims[claim] = value;
            return claims;
        }

        var good = Sign(Claims(), Secret);
        string[] bad =
        [
            Sign(Claims("meeting", other.Id), Secret), Sign(Claims("meeting", ""), Secret), Sign(Claims("exp", now - 31), Secret), Sign(Claims("exp", now + 86_400 + 31), Secret), Sign(Claims("nbf", now + 31), Secret),
            Sign(Claims("aud", "others"), Secret), Sign(Claims("role", "king"), Secret), Sign(Claims("role", 7), Secret), Sign(Claims("name", " "), Secret), Sign(Claims("name", new string('x', 61)), Secret),
            Sign(Claims("name", 7), Secret), Sign(Claims("knock", "no"), Secret), Sign(Claims("sub", ""), Secret), Sign(Claims("sub", new string('x', 201)), Secret), Sign(Claims("jti", ""), Secret), Sign(Claims(), Secret + "x"), Sign(Claims(), Secret, "none"), Sign(Claims(), Secret, "HS512"),
            Sign(new { meeting = meeting.Id, aud = "parley", role = "host" }, Secret), Sign(new { meeting = meeting.Id, exp = soon }, Secret), Sign(new[] { 1 }, Secret), good[..^4], good + "x", good[..good.LastIndexOf('.')] + ".", "", "..", "x", new string('x', 5000), "e30.e30.e30", "\ud800",
        ];
        await using var client = await TestClient.ConnectAsync(server);
        foreach (var token in bad) Assert.Equal(ErrorCodes.TokenWrong, (await JoinAsync(client, meeting.Id, "Eve", token)).Error?.Code);
        Assert.NotNull((await JoinAsync(client, meeting.Id, "Eve", good)).Value);

        // Until it has expired it lets in again; then no more, but who is in comes back.
        var joined = await TestClient.ConnectAsync(server);
        var place = (await JoinAsync(joined, meeting.Id, "Eve", good)).Value!;
        time.Advance(TimeSpan.FromMinutes(6));
        await using var late = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.TokenWrong, (await JoinAsync(late, meeting.Id, "Eve", good)).Error?.Code);
        Assert.True((await JoinAsync(late, meeting.Id, "Eve", good, place.ResumeToken)).Value!.Resumed);
        await joined.DisposeAsync();
    }

    [Fact]
    public async Task Tokens_are_made_by_hosts_and_keys_with_the_scope_and_live_for_a_day_at_most()
    {
        await using var server = await TestServer.StartAsync();
        var (meeting, other) = (await server.CreateAsync(), await server.CreateAsync());
        var path = $"/api/meetings/{meeting.Id}/join-tokens";
        var (reads, writes) = (await server.KeyAsync("meetings:read"), await server.KeyAsync("meetings:write"));
        await using var client = await TestClient.ConnectAsync(server);
        var guest = (await client.JoinAsync(meeting.Id, "Bob")).Value!;
        foreach (var secret in new[] { null, "guess", other.CreatorSecret, guest.ResumeToken, reads.Key })
            await server.CallAsync(HttpMethod.Post, path, secret, new CreateJoinToken()).RefusedAsync(HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Equal(HttpStatusCode.OK, (await server.CallAsync(HttpMethod.Post, path, writes.Key, new CreateJoinToken(Minutes: 1440))).StatusCode);
        foreach (var minutes in new[] { 0, 1441 })
            await server.CallAsync(HttpMethod.Post, path, writes.Key, new CreateJoinToken(Minutes: minutes)).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
        await server.CallAsync(HttpMethod.Post, path, writes.Key, new CreateJoinToken(" ")).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.NameInvalid);
    }

    /// <summary>Their resume token can be thrown away; the join token, or the site's next one for them, still lives.</summary>
    [Fact]
    public async Task Who_is_removed_for_good_comes_back_by_no_join_token_of_theirs_not_after_a_restart_either()
    {
        using var records = new TemporaryRecords();
        MeetingCreated meeting;
        string[] bens, cleos;
        string anybody, doras;
        await using (var server = await TestServer.StartAsync(records))
        {
            meeting = await server.CreateAsync();
            bens = [await TokenAsync(server, meeting, new CreateJoinToken("Ben", Subject: "user-7")), await TokenAsync(server, meeting, new CreateJoinToken("Benny", Subject: "user-7"))];
            cleos = [await TokenAsync(server, meeting, new CreateJoinToken("Cleo", Subject: "user-8")), await TokenAsync(server, meeting, new CreateJoinToken("Cleo", Subject: "user-8"))];
            (anybody, doras) = (await TokenAsync(server, meeting, new CreateJoinToken()), await TokenAsync(server, meeting, new CreateJoinToken("Dora", Role.Host)));
            await using var ada = await TestClient.ConnectAsync(server);
            await ada.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret);
            await RemoveAsync(server, ada, meeting, bens[0], mayReturn: false);
            await RemoveAsync(server, ada, meeting, anybody, mayReturn: false);
            await RemoveAsync(server, ada, meeting, doras, mayReturn: true);
            Assert.Equal([ErrorCodes.Barred, ErrorCodes.Barred, ErrorCodes.Barred, null, null, null], await TryAsync(server, meeting, [.. bens, anybody, doras, await TokenAsync(server, meeting, new CreateJoinToken()), cleos[1]]));
            await using var cleo = await TestClient.ConnectAsync(server);
            await JoinAsync(cleo, meeting.Id, null, cleos[0]);
        }

        await using var again = await TestServer.StartAsync(records);
        Assert.Equal([ErrorCodes.Barred, ErrorCodes.Barred, ErrorCodes.Barred, null], await TryAsync(again, meeting, [.. bens, anybody, doras]));

        // Also by the token of a place that is older than the process.
        await using var host = await TestClient.ConnectAsync(again);
        var inside = (await host.JoinAsync(meeting.Id, "Ada", secret: meeting.CreatorSecret)).Value!.Meeting.Participants;
        foreach (var cleo in inside.Where(one => one.Name == "Cleo")) Assert.True((await host.CallAsync<bool>("remove", new RemoveParticipant(cleo.Id, false))).Value);
        Assert.Equal([ErrorCodes.Barred, ErrorCodes.Barred], await TryAsync(again, meeting, cleos));
        foreach (var subject in new[] { "", new string('x', 201) })
            await again.CallAsync(HttpMethod.Post, $"/api/meetings/{meeting.Id}/join-tokens", meeting.CreatorSecret, new CreateJoinToken(Subject: subject)).RefusedAsync(HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
    }

    private static async Task RemoveAsync(TestServer server, TestClient host, MeetingCreated meeting, string token, bool mayReturn)
    {
        await using var client = await TestClient.ConnectAsync(server);
        var joined = (await JoinAsync(client, meeting.Id, "Somebody", token)).Value!;
        Assert.True((await host.CallAsync<bool>("remove", new RemoveParticipant(joined.ParticipantId, mayReturn))).Value);
    }

    /// <returns>Why each token does not let in; null where it does.</returns>
    private static async Task<string?[]> TryAsync(TestServer server, MeetingCreated meeting, string[] tokens)
    {
        var all = new List<string?>();
        foreach (var token in tokens)
        {
            await using var client = await TestClient.ConnectAsync(server);
            all.Add((await JoinAsync(client, meeting.Id, "Somebody", token)).Error?.Code);
        }

        return [.. all];
    }

    private static async Task<string> TokenAsync(TestServer server, MeetingCreated meeting, CreateJoinToken wanted) =>
        (await server.AskAsync<JoinTokenCreated>(HttpMethod.Post, $"/api/meetings/{meeting.Id}/join-tokens", meeting.CreatorSecret, wanted)).Token;

    private static Task<Reply<Joined>> JoinAsync(TestClient client, string meetingId, string? name, string token, string? resumeToken = null) =>
        client.CallAsync<Joined>("join", new JoinRequest(meetingId, name, resumeToken, null, new MediaState(false, false), Token: token));

    /// <summary>As another site does it, by RFC 7515 and no library of ours.</summary>
    private static string Sign(object claims, string secret, string algorithm = "HS256")
    {
        var signed = Part(new { alg = algorithm, typ = "JWT" }) + "." + Part(claims);
        var key = Encoding.UTF8.GetBytes(secret);
        var bytes = Encoding.ASCII.GetBytes(signed);
        return signed + "." + algorithm switch
        {
            "HS256" => System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(key, bytes)),
            "HS512" => System.Buffers.Text.Base64Url.EncodeToString(HMACSHA512.HashData(key, bytes)),
            _ => "",
        };
    }

    private static string Part(object value) => System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
