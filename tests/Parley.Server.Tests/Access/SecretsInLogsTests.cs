using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Access;

public sealed class SecretsInLogsTests
{
    [Fact]
    public async Task What_is_logged_holds_no_secret_no_name_and_no_text()
    {
        var log = new LogLines();
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<ILoggerProvider>(log), "Parley:Admin:Password=", "Logging:LogLevel:Default=Information");
        var password = server.Console.ToString().Split("  ")[1];
        var cookie = await server.SignInAsync(password);
        var made = await server.CallAsync(HttpMethod.Post, "/api/admin/keys", null, new CreateApiKey("Unmistakable program", ["admin"]), cookie, server.OwnOrigin());
        var key = (await made.ReadAsync<ApiKeyCreated>()).Key;
        var hook = await server.AskAsync<WebhookCreated>(HttpMethod.Post, "/api/admin/webhooks", key, new CreateWebhook("https://parley.invalid/unmistakable"));
        var meeting = await server.CreateAsync(new CreateMeeting("Unmistakable title", "Unmistakable creator", Passcode: "unmistakable passcode"));
        var token = await server.AskAsync<JoinTokenCreated>(HttpMethod.Post, $"/api/meetings/{meeting.Id}/join-tokens", key, new CreateJoinToken("Unmistakable guest"));
        await using var client = await TestClient.ConnectAsync(server);
        await client.JoinAsync(meeting.Id, "Unmistakable name", passcode: "wrong passcode");
        var joined = (await client.CallAsync<Joined>("join", new JoinRequest(meeting.Id, null, null, null, null, Token: token.Token))).Value!;
        await client.SayAsync("Unmistakable text");
        await server.CallAsync(HttpMethod.Get, "/api/meetings", key + "x");
        await client.CallAsync<bool>("cancel", meeting.CreatorSecret);

        Assert.Contains(log.All, line => line.Contains(meeting.Id, StringComparison.Ordinal));
        string[] hidden = [password, cookie.Value.Split('=')[1], key, hook.Secret, meeting.CreatorSecret, token.Token, joined.ResumeToken, "wrong passcode"];
        Assert.All(log.All, line =>
        {
            Assert.DoesNotContain("unmistakable", line, StringComparison.OrdinalIgnoreCase);
            Assert.All(hidden, secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
        });
    }
}
