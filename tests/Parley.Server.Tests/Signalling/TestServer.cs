using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Signalling;

/// <summary>The whole server on a free port, with records and media of the test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-server-");
    private WebApplication _app = null!;

    public InMemoryRecords Records { get; private init; } = new();

    public FakeMediaPlane Media { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>That of plain HTTP.</summary>
    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">Like "Parley:Rates:Chat:Burst=1".</param>
    public static Task<TestServer> StartAsync(params string[] settings) => StartAsync(new InMemoryRecords(), settings);

    /// <summary>A server that finds the records of another.</summary>
    public static Task<TestServer> StartAsync(InMemoryRecords records, params string[] settings) => StartAsync(records, _ => { }, settings);

    public static async Task<TestServer> StartAsync(InMemoryRecords records, Action<IServiceCollection> configure, params string[] settings)
    {
        var server = new TestServer { Records = records };
        string[] args =
        [
            "--Parley:Http:Port=0", "--Parley:Http:Https=false",
            "--Parley:DataFolder=" + server._folder.FullName, .. settings.Select(setting => "--" + setting),
        ];
        server._app = ParleyApp.Build(args, (builder, _) =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IMeetingRecords>(server.Records);
            builder.Services.AddSingleton<IMediaPlane>(server.Media);
            configure(builder.Services);
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Addresses = [.. server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)))];
        server.Address = server.Addresses.First(address => address.Scheme == "http");
        server.Http = new HttpClient { BaseAddress = server.Address };
        return server;
    }

    public async Task<MeetingCreated> CreateAsync(string title = "Weekly", string createdBy = "Ada")
    {
        var response = await Http.PostAsJsonAsync("/api/meetings", new CreateMeeting(title, createdBy), ProtocolJson.Options, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, TestContext.Current.CancellationToken))!;
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken).Soon();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
