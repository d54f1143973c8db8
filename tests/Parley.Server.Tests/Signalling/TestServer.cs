using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Server.Access;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;
using Parley.Server.Tests.Records;

namespace Parley.Server.Tests.Signalling;

/// <summary>The whole server on a free port, with records and media of the test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>Unless the settings of the test say another.</summary>
    public const string AdminPassword = "a password of the tests";

    private WebApplication _app = null!;
    private TemporaryRecords? _ownRecords;

    public FakeMediaPlane Media { get; } = new();

    /// <summary>What whoever started it reads.</summary>
    public StringWriter Console { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>That of plain HTTP.</summary>
    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public string DataFolder => Services.GetRequiredService<ParleyOptions>().DataFolder;

    /// <param name="settings">Like "Parley:Rates:Chat:Burst=1".</param>
    public static Task<TestServer> StartAsync(params string[] settings) => StartAsync(_ => { }, settings);

    /// <summary>A server that finds the records of another.</summary>
    public static Task<TestServer> StartAsync(TemporaryRecords records, params string[] settings) => StartAsync(records, _ => { }, settings);

    public static async Task<TestServer> StartAsync(Action<IServiceCollection> configure, params string[] settings)
    {
        var records = new TemporaryRecords();
        var server = await StartAsync(records, configure, settings);
        server._ownRecords = records;
        return server;
    }

    public static async Task<TestServer> StartAsync(TemporaryRecords records, Action<IServiceCollection> configure, params string[] settings)
    {
        var server = new TestServer();
        string[] args =
        [
            "--Parley:Http:Port=0", "--Parley:Http:Https=false", "--Parley:Admin:Password=" + AdminPassword,
            .. records.Settings.Select(setting => "--Parley:" + setting), .. settings.Select(setting => "--" + setting),
        ];
        server._app = ParleyApp.Build(args, (builder, options) =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddMeetingRecords(options);
            builder.Services.AddSingleton<IMediaPlane>(server.Media);
            builder.Services.AddSingleton(new AdminConsole(server.Console));
            configure(builder.Services);
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Addresses = [.. server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)))];
        server.Address = server.Addresses.First(address => address.Scheme == "http");
        // What is not said in a test is not sent: no cookie by itself.
        server.Http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Address };
        return server;
    }

    public Task<MeetingCreated> CreateAsync(string title = "Weekly", string createdBy = "Ada") => CreateAsync(new CreateMeeting(title, createdBy));

    public async Task<MeetingCreated> CreateAsync(CreateMeeting plan)
    {
        var response = await Http.PostAsJsonAsync("/api/meetings", plan, ProtocolJson.Options, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<MeetingCreated>(ProtocolJson.Options, TestContext.Current.CancellationToken))!;
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken).Soon();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _app.DisposeAsync();
        _ownRecords?.Dispose();
    }
}
