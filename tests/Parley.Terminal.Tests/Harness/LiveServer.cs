using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Client;
using Parley.Server;
using Parley.Server.MediaHost;
using Parley.Server.Records;

namespace Parley.Terminal.Tests.Harness;

/// <summary>The whole server in this process, on free ports, HTTPS with the certificate that it makes itself.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-terminal-");
    private WebApplication _app = null!;
    private Uri[] _addresses = [];

    public string Http => Address("http");

    public string Https => Address("https");

    public ParleyServer Client { get; private set; } = null!;

    /// <summary>A state folder that no other test uses.</summary>
    public string NewStateFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    public async ValueTask InitializeAsync()
    {
        string[] settings =
        [
            "--Parley:Http:Port=0", "--Parley:Http:HttpsPort=0", "--Parley:Media:Port=0", $"--Parley:DataFolder={_folder.FullName}/data",
            "--Parley:Media:Addresses:0=127.0.0.1", "--Parley:Rates:Creates:Burst=1000", "--Parley:Rates:Cancels:Burst=1000",
        ];
        _app = ParleyApp.Build(settings, (builder, options) =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddMeetingRecords(options).AddMediaPlane();
        });
        await _app.StartAsync();
        _addresses = [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)))];
        Client = new ParleyServer(new Uri(Http));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Address(string scheme) => _addresses.First(address => address.Scheme == scheme).GetLeftPart(UriPartial.Authority);
}
