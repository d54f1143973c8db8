using System.Net;
using System.Net.Http.Json;
using Parley.Protocol;
using Parley.Server.Tests.Signalling;

namespace Parley.Server.Tests.Api;

public sealed class WebTests : IDisposable
{
    private readonly DirectoryInfo _web = Directory.CreateTempSubdirectory("parley-web-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_is_the_one_page_and_is_never_cached_but_hashed_files_are()
    {
        Write("index.html", "<p>the client</p>");
        Write("assets/app-1a2b3c.js", "let x;" + new string(' ', 5000));
        Write("favicon.svg", "<svg/>");
        Write("assets/model-4d5e6f.tflite", "a model");
        await using var server = await TestServer.StartAsync($"Parley:WebRoot={_web.FullName}");
        foreach (var path in new[] { "/", "/m/quiet-harbour-k7m3q", "/history", "/history/quiet-harbour-k7m3q", "/admin", "/admin/history/quiet-harbour-k7m3q", "/index.html" })
        {
            var page = await server.Http.GetAsync(path, Cancellation);
            Assert.Equal("<p>the client</p>", await page.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());
            Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/app-1a2b3c.js") { Headers = { { "Accept-Encoding", "br, gzip" } } };
        var script = await server.Http.SendAsync(request, Cancellation);
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.CacheControl?.ToString());
        Assert.Equal(["br"], script.Content.Headers.ContentEncoding);
        Assert.Equal("a model", await server.Http.GetStringAsync("/assets/model-4d5e6f.tflite", Cancellation));
        Assert.Equal("no-cache", (await server.Http.GetAsync("/favicon.svg", Cancellation)).Headers.CacheControl?.ToString());
        foreach (var path in new[] { "/assets/no.js", "/m/a/b", "/..%2f..%2fetc/passwd", "/appsettings.json" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(path, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Without_a_built_client_the_page_says_so()
    {
        await using var server = await TestServer.StartAsync($"Parley:WebRoot={_web.FullName}");
        Assert.Contains("not built", await server.Http.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browsers_are_told_what_our_pages_may_do()
    {
        await using var server = await TestServer.StartAsync();
        var headers = (await server.Http.GetAsync("/", Cancellation)).Headers;
        Assert.Contains("frame-ancestors 'none'", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("camera=(self)", headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.False(headers.Contains("Server"));
        Assert.Equal("no-store", (await server.Http.GetAsync("/api/meetings", Cancellation)).Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Only_meetings_are_shown_in_frames_and_only_in_those_of_the_settings()
    {
        await using var server = await TestServer.StartAsync("Parley:Embedding:Origins:0=https://team.example", "Parley:Embedding:Origins:1=https://other.example/");
        foreach (var (path, ancestors) in new[] { ("/m/quiet-harbour-k7m3q", "frame-ancestors 'self' https://team.example https://other.example"), ("/", "frame-ancestors 'none'"), ("/mallory", "frame-ancestors 'none'") })
        {
            var policy = (await server.Http.GetAsync(path, Cancellation)).Headers.GetValues("Content-Security-Policy").Single();
            Assert.EndsWith(ancestors, policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_change_nothing_and_get_no_hub()
    {
        await using var server = await TestServer.StartAsync("Parley:AllowedOrigins:0=https://friend.example");
        var own = server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, allowed) in new[]
        {
            (own, true), ($"https://{server.Address.Authority}", true), ("https://friend.example", true), ("https://evil.example", false),
            ("null", false), ("http://127.0.0.1", false), ($"http://{server.Address.Authority}.evil.example", false), ("javascript:x", false),
        })
        {
            using var create = new HttpRequestMessage(HttpMethod.Post, "/api/meetings") { Content = JsonContent.Create(new CreateMeeting("x", "x")) };
            create.Headers.Add("Origin", origin);
            Assert.Equal(allowed ? HttpStatusCode.Created : HttpStatusCode.Forbidden, (await server.Http.SendAsync(create, Cancellation)).StatusCode);
            using var hub = new HttpRequestMessage(HttpMethod.Post, "/hub/meeting/negotiate?negotiateVersion=1");
            hub.Headers.Add("Origin", origin);
            var negotiated = await server.Http.SendAsync(hub, Cancellation);
            Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, negotiated.StatusCode);
            Assert.Equal(origin == "https://friend.example", negotiated.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Https_answers_with_our_own_certificate()
    {
        await using var server = await TestServer.StartAsync("Parley:Http:Https=true", "Parley:Http:HttpsPort=0");
        string? subject = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => (subject = certificate?.Subject) is not null,
        };
        using var http = new HttpClient(handler);
        Assert.Equal("alive", await http.GetStringAsync(new Uri(server.Addresses.Single(uri => uri.Scheme == "https"), "/health/live"), Cancellation));
        Assert.Equal("CN=Parley", subject);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.TooManyRequests)]
    [InlineData("Parley:Http:TrustedProxies:0=127.0.0.0/8", HttpStatusCode.Created)]
    public async Task Only_a_trusted_proxy_says_for_whom_it_asks(string? setting, HttpStatusCode second)
    {
        string[] settings = ["Parley:Rates:Creates:Burst=1", "Parley:Rates:Creates:PerMinute=1"];
        await using var server = await TestServer.StartAsync(setting is null ? settings : [.. settings, setting]);
        Assert.Equal(HttpStatusCode.Created, await CreateForAsync(server, "192.0.2.1"));
        Assert.Equal(second, await CreateForAsync(server, "192.0.2.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await CreateForAsync(server, "192.0.2.1"));
    }

    public void Dispose() => _web.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_web.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static async Task<HttpStatusCode> CreateForAsync(TestServer server, string address)
    {
        using var create = new HttpRequestMessage(HttpMethod.Post, "/api/meetings") { Content = JsonContent.Create(new CreateMeeting("x", "x")) };
        create.Headers.Add("X-Forwarded-For", address);
        return (await server.Http.SendAsync(create, Cancellation)).StatusCode;
    }
}
