using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Parley.Client.Tests.Meetings;

/// <summary>A web server that is none of ours and says one thing to everything.</summary>
internal sealed class OtherServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<OtherServer> StartAsync(int status, string type, string body, string? location = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status;
            if (location is not null) context.Response.Headers.Location = location;
            if (type.Length == 0) return Task.CompletedTask;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtherServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
