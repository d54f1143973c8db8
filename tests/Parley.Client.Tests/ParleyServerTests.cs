using System.Net;
using System.Security.Cryptography;
using Parley.Client.Meetings;
using Parley.Client.Tests.Meetings;
using Parley.Protocol;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests;

public sealed class ParleyServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meetings_are_created_listed_found_cancelled_and_remembered()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        Assert.Empty(await server.ListMeetingsAsync(Cancellation));
        Assert.Equal(60, (await server.GetLimitsAsync(Cancellation)).NameLength);
        var created = await server.CreateMeetingAsync("Weekly <b>", "Ada", Cancellation);
        Assert.Equal([created.Meeting], await server.ListMeetingsAsync(Cancellation));
        Assert.Equal(created.Meeting, await server.GetMeetingAsync(created.Id.ToUpperInvariant(), Cancellation));
        Assert.Null((await server.GetRecordAsync(created.Id, Cancellation)).EndedAt);

        await AssertRefusedAsync(ErrorCodes.SecretWrong, () => server.CancelMeetingAsync(created.Id, "wrong", Cancellation));
        await server.CancelMeetingAsync(created.Id, created.CreatorSecret, Cancellation);
        await AssertRefusedAsync(ErrorCodes.MeetingEnded, () => server.GetMeetingAsync(created.Id, Cancellation));
        Assert.Equal(EndReason.Cancelled, (await server.GetRecordAsync(created.Id, Cancellation)).EndReason);
        var second = await server.CreateMeetingAsync("Second", "Ada", Cancellation);
        var records = await server.ListRecordsAsync(cancellation: Cancellation);
        Assert.Equal([second.Id, created.Id], records.Select(record => record.Id));
        Assert.Equal(created.Id, Assert.Single(await server.ListRecordsAsync(records[0].StartedAt, 1, Cancellation)).Id);
    }

    [Fact]
    public async Task A_refusal_carries_the_servers_code_and_sentence()
    {
        await using var host = await LiveServer.StartAsync();
        using var server = host.Connect();
        await AssertRefusedAsync(ErrorCodes.MeetingUnknown, () => server.GetMeetingAsync("no-such-abcde", Cancellation));
        await AssertRefusedAsync(ErrorCodes.MeetingUnknown, () => server.GetRecordAsync("no-such-abcde", Cancellation));
        await AssertRefusedAsync(ErrorCodes.TitleInvalid, () => server.CreateMeetingAsync(" ", "Ada", Cancellation));
        await AssertRefusedAsync(ErrorCodes.NameInvalid, () => server.CreateMeetingAsync("Weekly", new string('x', 61), Cancellation));
        await AssertRefusedAsync(ErrorCodes.RequestInvalid, () => server.ListRecordsAsync(limit: 0, cancellation: Cancellation));
        var full = await AssertRefusedAsync(ErrorCodes.MeetingUnknown, () => server.JoinAsync("no-such-abcde", new JoinOptions { Name = "Ada" }, Cancellation));
        Assert.Equal("There is no meeting with this address. Check the link, or ask for it again.", full.Message);
    }

    [Fact]
    public async Task What_cannot_be_right_is_refused_before_it_is_sent()
    {
        using var server = new ParleyServer(new Uri("http://localhost:1"));
        await AssertAsync(ParleyError.Invalid, "no id", () => server.GetMeetingAsync("../limits", Cancellation));
        await AssertAsync(ParleyError.Invalid, "no id", () => server.JoinAsync("", new JoinOptions { Name = "Ada" }, Cancellation));
        await AssertAsync(ParleyError.Invalid, "secret", () => server.CancelMeetingAsync("x", "a\r\nb", Cancellation));
        await AssertAsync(ParleyError.Invalid, "too long", () => server.JoinAsync("x", new JoinOptions { Name = new string('x', 5000) }, Cancellation));
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => new ParleyServer(new Uri("ftp://localhost"))).Error);
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => new ParleyServer(new Uri("x", UriKind.Relative))).Error);
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() =>
            new ParleyServer(new Uri("http://localhost"), new ParleyServerOptions { CertificateSha256 = "12:34" })).Error);
    }

    [Fact]
    public async Task Where_nobody_listens_it_asks_whether_the_server_runs()
    {
        var address = LiveServer.FreeAddress();
        using var server = new ParleyServer(address);
        await AssertBothAsync($"Nothing answers at http://127.0.0.1:{address.Port}. Is the server running?", server);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_said_so()
    {
        using var server = new ParleyServer(new Uri("http://no-such-host.invalid"));
        await AssertBothAsync("The name no-such-host.invalid cannot be found", server);
    }

    [Theory]
    [InlineData(200, "text/html", "<!doctype html><title>Hello</title>")]
    [InlineData(404, "text/html", "<h1>Not found</h1>")]
    [InlineData(200, "application/json", "[null]")]
    [InlineData(200, "application/json", "{\"meetings\":[]}")]
    [InlineData(200, "application/json", "[{\"id\":null,\"title\":\"x\"}]")]
    [InlineData(200, "application/json", "[{}]")]
    [InlineData(200, "application/json", "[")]
    [InlineData(200, "application/json", "")]
    [InlineData(400, "application/json", "[1]")]
    [InlineData(400, "application/problem+json", "{\"title\":\"x\"}")]
    [InlineData(204, "", "")]
    public async Task A_server_of_another_kind_is_told_apart(int status, string type, string body)
    {
        await using var other = await OtherServer.StartAsync(status, type, body);
        using var server = new ParleyServer(other.Address);
        await AssertBothAsync("answers, but is no Parley server", server);
    }

    [Fact]
    public async Task A_redirect_is_told_and_not_followed()
    {
        await using var other = await OtherServer.StartAsync(308, "", "", "https://elsewhere.example/api/meetings");
        using var server = new ParleyServer(other.Address);
        await AssertBothAsync("sends on to https://elsewhere.example: use that", server);
    }

    [Fact]
    public async Task A_proxy_whose_server_is_away_is_said_so()
    {
        await using var other = await OtherServer.StartAsync(502, "text/html", "<h1>Bad gateway</h1>");
        using var server = new ParleyServer(other.Address);
        await AssertBothAsync("The server behind", server);
    }

    [Fact]
    public async Task A_proxy_that_stops_the_hub_but_not_the_rest_is_said_so()
    {
        var limits = "{\"nameLength\":60,\"titleLength\":120,\"chatLength\":5000,\"participantsPerMeeting\":50,\"slots\":8,\"fileSize\":0}";
        await using var other = await OtherServer.StartAsync(200, "application/json", limits);
        using var server = new ParleyServer(other.Address);
        await AssertAsync(
            ParleyError.Unreachable, "lets no WebSocket through", () => server.JoinAsync("x", new JoinOptions { Name = "Ada" }, Cancellation));
    }

    [Fact]
    public async Task What_a_server_says_cannot_play_with_a_terminal()
    {
        var body = "{\"code\":\"x\\u001b[2J\",\"detail\":\"\\u001b[31mRed\\u202e\\n" + new string('x', 1000) + "\"}";
        await using var other = await OtherServer.StartAsync(400, "application/problem+json", body);
        using var server = new ParleyServer(other.Address);
        var refused = await Assert.ThrowsAsync<ParleyException>(() => server.ListMeetingsAsync(Cancellation).Soon());
        Assert.Equal(ParleyError.Refused, refused.Error);
        Assert.DoesNotContain(refused.Message + refused.Code, c => char.IsControl(c) || c == '\u202e');
        Assert.InRange(refused.Message.Length, 1, 501);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_ten_seconds()
    {
        var time = new ManualTime();
        using var server = new ParleyServer(
            new Uri("http://slow.example"), new ParleyServerOptions { HttpHandler = new SilentHandler(), TimeProvider = time });
        var asking = server.ListMeetingsAsync(Cancellation);
        var timer = await time.NextAsync(due => due == TimeSpan.FromSeconds(10));
        timer.Fire();
        var failed = await Assert.ThrowsAsync<ParleyException>(() => asking.Soon());
        Assert.Equal(ParleyError.Unreachable, failed.Error);
        Assert.StartsWith("http://slow.example did not answer within 10 seconds", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_waiting_is_let_go()
    {
        using var server = new ParleyServer(new Uri("http://slow.example"), new ParleyServerOptions { HttpHandler = new SilentHandler() });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = server.ListMeetingsAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Soon());
    }

    [Fact]
    public async Task A_certificate_signed_by_itself_is_refused_with_its_fingerprint_and_taken_when_asked()
    {
        await using var host = await LiveServer.StartAsync("Parley:Http:Https=true", "Parley:Http:HttpsPort=0");
        var address = host.HttpsAddress;
        var hash = host.CertificateHash(HashAlgorithmName.SHA256);
        using var careful = new ParleyServer(address);
        await AssertBothAsync(
            $"The certificate of https://127.0.0.1:{address.Port} is not trusted: it is signed by itself (SHA-256 {hash}).", careful);
        using var mistaken = new ParleyServer(address, new ParleyServerOptions { AcceptAnyCertificate = true, CertificateSha256 = new string('0', 64) });
        await AssertBothAsync("it is not the one expected", mistaken);

        using var careless = new ParleyServer(address, new ParleyServerOptions { AcceptAnyCertificate = true });
        var meeting = await careless.CreateMeetingAsync("Weekly", "Ada", Cancellation);
        var colons = string.Join(':', hash.ToLowerInvariant().Chunk(2).Select(two => new string(two)));
        using var pinned = new ParleyServer(address, new ParleyServerOptions { CertificateSha256 = colons });
        await using var session = await pinned.JoinAsync(meeting.Id, new JoinOptions { Name = "Ada", Media = false }, Cancellation);
        Assert.Equal("Weekly", session.Title);
    }

    [Fact]
    public async Task Http_and_https_mixed_up_are_unreachable_in_words()
    {
        await using var host = await LiveServer.StartAsync("Parley:Http:Https=true", "Parley:Http:HttpsPort=0");
        using var plain = new ParleyServer(new UriBuilder(host.HttpsAddress) { Scheme = "http" }.Uri);
        await AssertBothAsync("answers, but is no Parley server", plain);
        using var secure = new ParleyServer(new UriBuilder(host.Address) { Scheme = "https" }.Uri);
        await AssertBothAsync("does not speak TLS as it should: is it http:// rather than https://?", secure);
    }

    private static async Task AssertBothAsync(string words, ParleyServer server)
    {
        await AssertAsync(ParleyError.Unreachable, words, () => server.ListMeetingsAsync(Cancellation));
        await AssertAsync(ParleyError.Unreachable, words, () => server.JoinAsync("x", new JoinOptions { Name = "Ada" }, Cancellation));
    }

    private static async Task<ParleyException> AssertAsync(ParleyError error, string words, Func<Task> what)
    {
        var failed = await Assert.ThrowsAsync<ParleyException>(() => what().Soon());
        Assert.Equal(error, failed.Error);
        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        return failed;
    }

    private static async Task<ParleyException> AssertRefusedAsync(string code, Func<Task> what)
    {
        var refused = await AssertAsync(ParleyError.Refused, ".", what);
        Assert.Equal(code, refused.Code);
        return refused;
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
