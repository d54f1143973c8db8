using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Parley.Server.Tests.Meetings;
using Parley.Server.Webhooks;

namespace Parley.Server.Tests.Webhooks;

/// <summary>Another program, which takes webhooks on a port of its own and answers as the test says.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly System.Threading.Channels.Channel<Taken> _taken = System.Threading.Channels.Channel.CreateUnbounded<Taken>();

    private WebhookListener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    /// <summary>What it answers, from the next one on.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Url { get; private set; } = "";

    public static async Task<WebhookListener> StartAsync()
    {
        var listener = new WebhookListener();
        await listener._app.StartAsync(TestContext.Current.CancellationToken);
        listener.Url = listener._app.Urls.Single() + "/hook";
        return listener;
    }

    public async Task<Taken> NextAsync() => await _taken.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public bool HasMore => _taken.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers;
        await Answer(http);
        _taken.Writer.TryWrite(new Taken(
            headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body));
    }

    internal sealed record Taken(string Id, string Timestamp, string Signature, string Body)
    {
        public JsonElement Event => JsonDocument.Parse(Body).RootElement;

        public string Type => Event.GetProperty("type").GetString()!;

        public JsonElement Data => Event.GetProperty("data");
    }
}
