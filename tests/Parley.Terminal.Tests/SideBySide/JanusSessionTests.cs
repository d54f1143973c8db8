using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Parley.SideBySide.Janus;

namespace Parley.Terminal.Tests.SideBySide;

/// <summary>Against a server that says what a test has it say.</summary>
public sealed class JanusSessionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_publisher_and_a_subscriber_go_through_the_steps_and_acks_and_news_are_no_answers()
    {
        await using var janus = await ScriptedJanus.StartAsync(request => request["body"] is { } body
            ? [Ack(request), """{"janus":"webrtcup","session_id":5,"sender":6}""", Event(request, SdpFor(body))]
            : [Success(request)]);
        await using (var session = await JanusSession.ConnectAsync(janus.Address, Ct))
        {
            var rooms = new VideoRoom(session);
            await rooms.CreateAsync(3, Ct);
            var (publisher, feed) = await rooms.JoinAsync(3, "load 1.1", Ct);
            Assert.Equal(77, feed);
            Assert.Equal("their answer", await rooms.PublishAsync(publisher, "our offer", Ct));
            var (subscriber, offer) = await rooms.SubscribeAsync(3, [feed], Ct);
            Assert.Equal("their offer", offer);
            await rooms.StartAsync(subscriber, "our answer", Ct);
        }

        Assert.Equal(
            ["create", "attach", "create 3", "attach", "join 3 publisher", "publish offer our offer", "attach", "join 3 subscriber [77]", "start answer our answer", "destroy"],
            janus.Requests.Select(Told));

        static string? SdpFor(JsonNode body) => body switch
        {
            _ when (string?)body["request"] == "publish" => "their answer",
            _ when (string?)body["ptype"] == "subscriber" => "their offer",
            _ => null,
        };
    }

    [Fact]
    public async Task Who_joins_an_audio_bridge_offers_and_is_answered()
    {
        await using var janus = await ScriptedJanus.StartAsync(request => request["body"] is { } body
            ? [Ack(request), Event(request, (string?)body["request"] == "configure" ? "their answer" : null)]
            : [Success(request)]);
        await using (var session = await JanusSession.ConnectAsync(janus.Address, Ct))
        {
            var rooms = new AudioBridge(session);
            await rooms.CreateAsync(2, Ct);
            Assert.Equal("their answer", await rooms.ConfigureAsync(await rooms.JoinAsync(2, "load 1.1", Ct), "our offer", Ct));
        }

        Assert.Equal(["create", "attach", "create 2", "attach", "join 2", "configure offer our offer", "destroy"], janus.Requests.Select(Told));
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_words()
    {
        await using var janus = await ScriptedJanus.StartAsync(request => request["body"] is null
            ? [Success(request)]
            : [Ack(request), $$$$"""{"janus":"event","transaction":"{{{{request["transaction"]}}}}","plugindata":{"data":{"error":"No such room"}}}"""]);
        await using var session = await JanusSession.ConnectAsync(janus.Address, Ct);
        var refused = await Assert.ThrowsAsync<JanusException>(() => new VideoRoom(session).JoinAsync(9, "x", Ct));
        Assert.Equal("Janus refused join: No such room.", refused.Message);
    }

    [Fact]
    public async Task Who_waits_is_told_when_Janus_goes()
    {
        await using var janus = await ScriptedJanus.StartAsync(request => request["body"] is null ? [Success(request)] : null);
        await using var session = await JanusSession.ConnectAsync(janus.Address, Ct);
        await Assert.ThrowsAsync<JanusException>(() => new VideoRoom(session).JoinAsync(9, "x", Ct));
    }

    [Fact]
    public async Task Where_there_is_no_Janus_it_says_so() =>
        await Assert.ThrowsAsync<JanusException>(() => JanusSession.ConnectAsync(new Uri("ws://127.0.0.1:1/"), Ct));

    private static string Told(JsonNode request)
    {
        string?[] words = request["body"] is { } body
            ? [(string?)body["request"], body["room"]?.ToString(), (string?)body["ptype"], body["streams"] is { } streams ? $"[{streams[0]!["feed"]}]" : null, (string?)request["jsep"]?["type"], (string?)request["jsep"]?["sdp"]]
            : [(string?)request["janus"]];
        return string.Join(' ', words.Where(word => word is not null));
    }

    private static string Ack(JsonNode request) => $$"""{"janus":"ack","transaction":"{{request["transaction"]}}"}""";

    private static string Success(JsonNode request) => $$$"""{"janus":"success","transaction":"{{{request["transaction"]}}}","data":{"id":5}}""";

    private static string Event(JsonNode request, string? sdp)
    {
        var answer = new JsonObject
        {
            ["janus"] = "event",
            ["transaction"] = (string?)request["transaction"],
            ["plugindata"] = new JsonObject { ["data"] = new JsonObject { ["id"] = 77 } },
        };
        if (sdp is not null) answer["jsep"] = new JsonObject { ["sdp"] = sdp };
        return answer.ToJsonString();
    }

    private sealed class ScriptedJanus : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private ScriptedJanus(WebApplication app) => _app = app;

        public ConcurrentQueue<JsonNode> Requests { get; } = [];

        public Uri Address => new(_app.Urls.Single().Replace("http:", "ws:", StringComparison.Ordinal));

        /// <param name="script">What is said to a request; null closes the connection.</param>
        public static async Task<ScriptedJanus> StartAsync(Func<JsonNode, string[]?> script)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var janus = new ScriptedJanus(builder.Build());
            janus._app.UseWebSockets();
            janus._app.Run(async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync("janus-protocol");
                var buffer = new byte[65_536];
                while (await socket.ReceiveAsync(buffer.AsMemory(), Ct) is { MessageType: WebSocketMessageType.Text } received)
                {
                    var request = JsonSerializer.Deserialize<JsonNode>(buffer.AsSpan(0, received.Count))!;
                    janus.Requests.Enqueue(request);
                    if (script(request) is not { } answers)
                    {
                        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
                        return;
                    }

                    foreach (var answer in answers) await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, endOfMessage: true, Ct);
                }
            });
            await janus._app.StartAsync(Ct);
            return janus;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
