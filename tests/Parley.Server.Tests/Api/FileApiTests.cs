using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Records;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class FileApiTests
{
    private static readonly byte[] Png = [.. Convert.FromHexString("89504E470D0A1A0A"), .. new byte[5000]];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_told_to_all_and_given_as_it_was_to_who_was_inside()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await using var ben = await Member.JoinAsync(server, meeting, "Ben");

        var message = await ada.SendAsync("../holiday.png", Png);
        Assert.Equal(("", "_holiday.png", "image/png", 5008L), (message.Text, message.File!.Name, message.File.Type, message.File.Size));
        Assert.Equal(message, await ben.Client.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.Equal(message, await ada.Client.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));

        await ben.Client.CallAsync<bool>("leave");
        foreach (var secret in new[] { ben.Token, meeting.CreatorSecret })
        {
            using var response = await GetAsync(server, meeting.Id, message, secret);
            Assert.Equal(Png, await response.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Equal("image/png", response.Content.Headers.ContentType!.ToString());
            Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Equal("_holiday.png", response.Content.Headers.ContentDisposition.FileNameStar);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("default-src 'none'; sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
            Assert.True(response.Headers.CacheControl!.NoStore);
        }

        foreach (var secret in new[] { null, "", Secret.Create() })
            await AssertRefusedAsync(GetAsync(server, meeting.Id, message, secret), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
    }

    [Fact]
    public async Task What_claims_to_be_a_picture_and_is_none_is_just_bytes()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        var page = Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
        var message = await ada.SendAsync("innocent.svg", page, type: "image/svg+xml");
        using var response = await GetAsync(server, meeting.Id, message, ada.Token);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_private_file_is_for_its_two_not_for_hosts_or_the_creator()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var host = await Member.JoinAsync(server, meeting, "Host", meeting.CreatorSecret);
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await using var ben = await Member.JoinAsync(server, meeting, "Ben");
        var message = await ada.SendAsync("secret.txt", [1, 2, 3], to: ben.Id);
        Assert.Equal(message, await ben.Client.UntilAsync<ChatMessage>(MeetingEvents.ChatAdded));
        Assert.DoesNotContain(MeetingEvents.ChatAdded, host.Client.Unread());
        foreach (var secret in new[] { ada.Token, ben.Token })
        {
            using var response = await GetAsync(server, meeting.Id, message, secret);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        foreach (var secret in new[] { host.Token, meeting.CreatorSecret })
            await AssertRefusedAsync(GetAsync(server, meeting.Id, message, secret), HttpStatusCode.NotFound, ErrorCodes.FileUnknown);
    }

    [Fact]
    public async Task Only_who_is_inside_and_may_chat_sends_files()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        var other = await server.CreateAsync();
        await using var host = await Member.JoinAsync(server, meeting, "Host", meeting.CreatorSecret);
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        foreach (var token in new[] { null, "wrong", meeting.CreatorSecret })
            await AssertRefusedAsync(PostAsync(server, meeting.Id, token, "a", [1]), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await AssertRefusedAsync(PostAsync(server, other.Id, ada.Token, "a", [1]), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        await AssertRefusedAsync(PostAsync(server, "no-such-abcde", ada.Token, "a", [1]), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1], to: "gone"), HttpStatusCode.NotFound, ErrorCodes.ParticipantUnknown);

        await host.Client.CallAsync<bool>("changeSettings", new SettingsChange(Rights.All with { Chat = false }));
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1]), HttpStatusCode.Forbidden, ErrorCodes.NotAllowed);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1], to: host.Id), HttpStatusCode.Forbidden, ErrorCodes.NotAllowed);
        await host.SendAsync("rules.txt", [1]);
        await ada.Client.CallAsync<bool>("leave");
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1]), HttpStatusCode.Forbidden, ErrorCodes.SecretWrong);
        Assert.Single(FilesOf(server, meeting.Id));
    }

    [Fact]
    public async Task What_has_no_name_no_content_or_no_place_is_refused_and_leaves_nothing()
    {
        await using var server = await TestServer.StartAsync("Parley:Files:MaxMegabytes=1", "Parley:Files:MegabytesPerMeeting=2", "Parley:Files:PerMeeting=3");
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "", [1]), HttpStatusCode.BadRequest, ErrorCodes.FileInvalid);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "empty", []), HttpStatusCode.BadRequest, ErrorCodes.FileInvalid);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "chunked", [1], chunked: true), HttpStatusCode.BadRequest, ErrorCodes.FileInvalid);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1], clientId: ""), HttpStatusCode.BadRequest, ErrorCodes.RequestInvalid);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "large", new byte[(1 << 20) + 1]), HttpStatusCode.RequestEntityTooLarge, ErrorCodes.FileTooLarge);
        Assert.Empty(FilesOf(server, meeting.Id));

        var first = await ada.SendAsync("1", new byte[1 << 20]);
        await ada.SendAsync("2", new byte[1 << 20]);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "3", [1]), HttpStatusCode.Conflict, ErrorCodes.FilesFull);
        await ada.Client.CallAsync<bool>("deleteChat", first.Id);
        await ada.SendAsync("3", [1]);
        await ada.SendAsync("4", [1]);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "5", [1]), HttpStatusCode.Conflict, ErrorCodes.FilesFull);
        Assert.Equal(3, FilesOf(server, meeting.Id).Length);
        Assert.Null((await ada.Client.SayAsync("chat goes on")).Error);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_chat_goes_on()
    {
        await using var server = await TestServer.StartAsync("Parley:Files:KeepFreeMegabytes=1000000");
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1]), HttpStatusCode.Conflict, ErrorCodes.FilesFull);
        Assert.Empty(FilesOf(server, meeting.Id));
        Assert.Null((await ada.Client.SayAsync("chat goes on")).Error);
    }

    [Fact]
    public async Task A_server_may_take_none()
    {
        await using var server = await TestServer.StartAsync("Parley:Files:MaxMegabytes=0");
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1]), HttpStatusCode.RequestEntityTooLarge, ErrorCodes.FileTooLarge);
    }

    [Fact]
    public async Task Sent_again_it_is_the_same_message_and_one_file()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        var first = await ada.SendAsync("a", [1, 2, 3], clientId: "c1");
        Assert.Equal(first, await ada.SendAsync("a", [1, 2, 3], clientId: "c1"));
        var (one, two) = (ada.SendAsync("b", new byte[100_000], clientId: "c2"), ada.SendAsync("b", new byte[100_000], clientId: "c2"));
        Assert.Equal(await one, await two);
        Assert.Equal(2, FilesOf(server, meeting.Id).Length);
    }

    [Fact]
    public async Task Half_of_a_file_is_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
            var head = $"POST /api/meetings/{meeting.Id}/files?name=half&clientId=c1 HTTP/1.1\r\nHost: {server.Address.Authority}\r\n"
                + $"Authorization: Bearer {ada.Token}\r\nContent-Length: 100000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "not all of it"), Cancellation);
            MediaHost.Conditions.Poll(() => FilesOf(server, meeting.Id).Length == 1, "the beginning of the file");
            Assert.EndsWith(".part", FilesOf(server, meeting.Id).Single(), StringComparison.Ordinal);
        }

        MediaHost.Conditions.Poll(() => FilesOf(server, meeting.Id).Length == 0, "nothing of it");
        Assert.Empty(await ReadChatAsync(server, meeting.Id));
        // Its place is free again.
        await ada.SendAsync("whole", [1], clientId: "c1");
    }

    [Fact]
    public async Task The_file_goes_with_its_message_and_with_the_record()
    {
        await using var server = await TestServer.StartAsync();
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        var (first, second) = (await ada.SendAsync("1", [1]), await ada.SendAsync("2", [2]));
        await ada.Client.CallAsync<bool>("deleteChat", first.Id);
        await AssertRefusedAsync(GetAsync(server, meeting.Id, first, ada.Token), HttpStatusCode.NotFound, ErrorCodes.FileUnknown);
        Assert.EndsWith(second.File!.Id, FilesOf(server, meeting.Id).Single(), StringComparison.Ordinal);

        await ada.Client.CallAsync<bool>("leave");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/records/{meeting.Id}");
        delete.Headers.Authorization = new AuthenticationHeaderValue("Bearer", meeting.CreatorSecret);
        using var response = await server.Http.SendAsync(delete, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(FilesOf(server, meeting.Id));
        await AssertRefusedAsync(GetAsync(server, meeting.Id, second, ada.Token), HttpStatusCode.NotFound, ErrorCodes.MeetingUnknown);
    }

    [Fact]
    public async Task Files_are_there_after_a_restart_and_count()
    {
        using var records = new TemporaryRecords();
        MeetingCreated meeting;
        ChatMessage message;
        string token;
        await using (var server = await TestServer.StartAsync(records, "Parley:Files:PerMeeting=1"))
        {
            meeting = await server.CreateAsync();
            await using var ada = await Member.JoinAsync(server, meeting, "Ada");
            message = await ada.SendAsync("a", Png);
            token = ada.Token;
        }

        await using var again = await TestServer.StartAsync(records, "Parley:Files:PerMeeting=1");
        await using var back = await Member.JoinAsync(again, meeting, "Ada", token: token);
        using var response = await GetAsync(again, meeting.Id, message, token);
        Assert.Equal(Png, await response.Content.ReadAsByteArrayAsync(Cancellation));
        await AssertRefusedAsync(PostAsync(again, meeting.Id, token, "b", [1]), HttpStatusCode.Conflict, ErrorCodes.FilesFull);
    }

    [Fact]
    public async Task Too_many_from_one_address_and_those_of_other_sites_are_refused()
    {
        await using var server = await TestServer.StartAsync("Parley:Rates:Files:Burst=2", "Parley:Rates:Files:PerMinute=1");
        var meeting = await server.CreateAsync();
        await using var ada = await Member.JoinAsync(server, meeting, "Ada");
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "a", [1], origin: "https://evil.example"), HttpStatusCode.Forbidden, ErrorCodes.OriginForbidden);
        await ada.SendAsync("1", [1]);
        await ada.SendAsync("2", [1]);
        await AssertRefusedAsync(PostAsync(server, meeting.Id, ada.Token, "3", [1]), HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        TestServer server,
        string meeting,
        string? token,
        string name,
        byte[] bytes,
        string? to = null,
        string? clientId = null,
        string? type = null,
        string? origin = null,
        bool chunked = false)
    {
        var query = $"name={Uri.EscapeDataString(name)}&clientId={clientId ?? Guid.NewGuid().ToString("N")}" + (to is null ? "" : $"&to={to}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/meetings/{meeting}/files?{query}") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type ?? "application/octet-stream");
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Http.SendAsync(request, Cancellation).Soon();
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string meeting, ChatMessage message, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/meetings/{meeting}/files/{message.File!.Id}");
        if (secret is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        return await server.Http.SendAsync(request, Cancellation).Soon();
    }

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status, string code)
    {
        using var response = await call;
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(status, response.StatusCode);
    }

    private static async Task<IReadOnlyList<ChatMessage>> ReadChatAsync(TestServer server, string meeting) =>
        (await server.Http.GetFromJsonAsync<MeetingRecord>($"/api/meetings/{meeting}/record", ProtocolJson.Options, Cancellation))!.Chat;

    private static string[] FilesOf(TestServer server, string meeting)
    {
        var folder = Path.Combine(server.DataFolder, "files", meeting);
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private sealed record Member(TestServer Server, string MeetingId, TestClient Client, string Id, string Token) : IAsyncDisposable
    {
        public static async Task<Member> JoinAsync(TestServer server, MeetingCreated meeting, string name, string? secret = null, string? token = null)
        {
            var client = await TestClient.ConnectAsync(server);
            var joined = (await client.JoinAsync(meeting.Id, name, token, secret)).Value!;
            return new Member(server, meeting.Id, client, joined.ParticipantId, joined.ResumeToken);
        }

        public async Task<ChatMessage> SendAsync(string name, byte[] bytes, string? to = null, string? clientId = null, string? type = null)
        {
            using var response = await PostAsync(Server, MeetingId, Token, name, bytes, to, clientId, type);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<ChatMessage>(ProtocolJson.Options, Cancellation))!;
        }

        public ValueTask DisposeAsync() => Client.DisposeAsync();
    }
}
