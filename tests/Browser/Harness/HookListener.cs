using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Parley.Browser.Harness;

/// <summary>A program that takes webhooks, on a port of its own of this machine.</summary>
internal sealed class HookListener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<Taken> _taken = Channel.CreateUnbounded<Taken>();

    private HookListener()
    {
    }

    public required string Url { get; init; }

    public bool HasMore => _taken.Reader.TryPeek(out _);

    public static HookListener Start()
    {
        var origin = $"http://127.0.0.1:{Ports.FreeTcp()}/";
        var listener = new HookListener { Url = origin + "hook" };
        listener._listener.Prefixes.Add(origin);
        listener._listener.Start();
        _ = listener.TakeAsync();
        return listener;
    }

    /// <summary>Waits for the next event, and holds it to its signature.</summary>
    /// <param name="secret">Of the webhook, as it was shown.</param>
    /// <returns>Its type.</returns>
    public async Task<string> NextAsync(string secret)
    {
        var (id, timestamp, signature, body) = await _taken.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"))), signature);
        using var read = JsonDocument.Parse(body);
        return read.RootElement.GetProperty("type").GetString()!;
    }

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                var headers = context.Request.Headers;
                context.Response.StatusCode = 204;
                context.Response.Close();
                _taken.Writer.TryWrite(new Taken(headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, body));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private sealed record Taken(string Id, string Timestamp, string Signature, string Body);
}
