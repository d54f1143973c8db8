using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Parley.Protocol;

namespace Parley.Terminal.Tests.Harness;

/// <summary>A server that answers as a test wants, also what no Parley server would.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <param name="answer">To every request.</param>
    public static async Task<FakeServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var fake = new FakeServer(builder.Build());
        fake._app.Run(answer);
        await fake._app.StartAsync(TestContext.Current.CancellationToken);
        fake.Address = Assert.Single(fake._app.Urls);
        return fake;
    }

    public static Task<FakeServer> AnsweringAsync<T>(T value) =>
        StartAsync(context => context.Response.WriteAsJsonAsync(value, ProtocolJson.Options));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
