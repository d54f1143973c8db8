using Parley.Protocol;

namespace Parley.Server.Tests.Signalling;

/// <summary>The chat's calls over the wire: their form, their rates, and that they need a place.</summary>
public sealed class ChatCallTests
{
    [Fact]
    public async Task Reactions_deletions_and_pages_need_a_place_an_argument_and_a_measure()
    {
        await using var server = await TestServer.StartAsync(
            "Parley:Rates:Reactions:Burst=3", "Parley:Rates:Reactions:PerMinute=1", "Parley:Rates:Hosting:Burst=3", "Parley:Rates:Hosting:PerMinute=1");
        var meeting = await server.CreateAsync();
        await using var ada = await TestClient.ConnectAsync(server);
        await using var ben = await TestClient.ConnectAsync(server);
        Assert.Equal(ErrorCodes.NotJoined, await WhyNotAsync<bool>(ada, "react", "👍"));
        Assert.Equal(ErrorCodes.NotJoined, await WhyNotAsync<bool>(ada, "reactToChat", new ReactToChat("1", "👍", true)));
        Assert.Equal(ErrorCodes.NotJoined, await WhyNotAsync<bool>(ada, "deleteChat", "1"));
        Assert.Equal(ErrorCodes.NotJoined, await WhyNotAsync<ChatPage>(ada, "chatBefore", new ChatBefore("1")));

        await ada.JoinAsync(meeting.Id, "Ada");
        await ben.JoinAsync(meeting.Id, "Ben");
        foreach (var method in new[] { "reactToChat", "deleteChat" }) Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync<bool>(ada, method, [null]));
        Assert.Equal(ErrorCodes.RequestInvalid, await WhyNotAsync<ChatPage>(ada, "chatBefore", [null]));

        var sent = (await ada.SayAsync("hello")).Value!;
        Assert.Null(await WhyNotAsync<bool>(ada, "reactToChat", new ReactToChat(sent.Id, "👍", true)));
        Assert.Equal("👍", (await ben.UntilAsync<ChatReacted>(MeetingEvents.ChatReacted)).Emoji);
        Assert.Null(await WhyNotAsync<bool>(ada, "react", "🎉"));
        Assert.Equal("🎉", (await ben.UntilAsync<Reacted>(MeetingEvents.Reacted)).Emoji);
        Assert.Null(await WhyNotAsync<bool>(ada, "react", "🎉"));
        Assert.Equal(ErrorCodes.RateLimited, await WhyNotAsync<bool>(ada, "react", "🎉"));
        Assert.Equal(ErrorCodes.RateLimited, await WhyNotAsync<bool>(ada, "reactToChat", new ReactToChat(sent.Id, "👍", false)));

        Assert.Null(await WhyNotAsync<ChatPage>(ada, "chatBefore", new ChatBefore(sent.Id)));
        Assert.Null(await WhyNotAsync<bool>(ada, "deleteChat", sent.Id));
        Assert.Equal(sent.Id, (await ben.UntilAsync<ChatDeleted>(MeetingEvents.ChatDeleted)).MessageId);
        Assert.Null(await WhyNotAsync<bool>(ada, "deleteChat", sent.Id));
        Assert.Equal(ErrorCodes.RateLimited, await WhyNotAsync<bool>(ada, "deleteChat", sent.Id));
        Assert.Equal(ErrorCodes.RateLimited, await WhyNotAsync<ChatPage>(ada, "chatBefore", new ChatBefore(sent.Id)));
    }

    private static async Task<string?> WhyNotAsync<T>(TestClient client, string method, params object?[] arguments) =>
        (await client.CallAsync<T>(method, arguments)).Error?.Code;
}
