using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Server;
using Parley.Server.MediaHost;
using Parley.Server.Meetings;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;

namespace Parley.Client.Tests.Meetings;

/// <summary>The whole server with its records on disk, on a free port of its own, and a media plane of the test.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-client-");
    private readonly string[] _settings;
    private WebApplication? _app;
    private int _port;

    private LiveServer(string[] settings) => _settings = settings;

    /// <summary>Media as well: the server's own plane, on loopback.</summary>
    private bool _hasMedia;

    /// <summary>That of this life of the server.</summary>
    public FakeMediaPlane Media { get; private set; } = new();

    public Uri Address => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    public Uri HttpsAddress { get; private set; } = null!;

    /// <param name="settings">Like "Parley:Rates:Chat:Burst=1".</param>
    public static async Task<LiveServer> StartAsync(params string[] settings)
    {
        var server = new LiveServer(settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>With the server's own media plane, on loopback.</summary>
    public static async Task<LiveServer> StartWithMediaAsync(params string[] settings)
    {
        var server = new LiveServer(["Parley:Media:Port=0", "Parley:Media:Addresses:0=127.0.0.1", .. settings]) { _hasMedia = true };
        await server.StartAsync();
        return server;
    }

    /// <summary>An address of this machine where nobody listens.</summary>
    public static Uri FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Starts, also again: on the same port, with the same records.</summary>
    public async Task StartAsync()
    {
        string[] args =
        [
            $"--Parley:Http:Port={_port.ToString(CultureInfo.InvariantCulture)}", "--Parley:Http:Https=false", "--Parley:DataFolder=" + _folder.FullName,
            .. _settings.Select(setting => "--" + setting),
        ];
        Media = new FakeMediaPlane();
        _app = ParleyApp.Build(args, (builder, options) =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddMeetingRecords(options);
            if (_hasMedia) builder.Services.AddMediaPlane();
            else builder.Services.AddSingleton<IMediaPlane>(Media);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal))).ToList();
        _port = addresses.First(address => address.Scheme == "http").Port;
        HttpsAddress = addresses.Find(address => address.Scheme == "https") ?? Address;
    }

    public async Task StopAsync()
    {
        if (_app is not { } app) return;
        _app = null;
        await app.StopAsync(CancellationToken.None).Soon();
        await app.DisposeAsync();
    }

    /// <summary>Without media, unless the test brings its own.</summary>
    /// <param name="line">The way there; null for the direct one.</param>
    public ParleyServer Connect(Line? line = null) => new(line?.Address ?? Address) { HasMedia = false };

    /// <summary>With media, on the way that is given.</summary>
    public ParleyServer ConnectWithMedia(Line? line = null) => new(line?.Address ?? Address);

    /// <summary>Of the certificate that the server has made for itself.</summary>
    public string CertificateHash(HashAlgorithmName algorithm)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(_folder.FullName, "https.pem")));
        return Convert.ToHexString(certificate.GetCertHash(algorithm));
    }

    /// <summary>The media side of one meeting, as this life of the server has it; null until somebody has offered.</summary>
    public FakeMeetingMedia? MediaOf(string meetingId) => Media.Meetings.GetValueOrDefault(meetingId);

    public void ShowSlot(string meetingId, string viewer, SlotShown shown) =>
        MediaOf(meetingId)!.Events.OnSlotShown(viewer, shown.Mid, shown.ParticipantId, shown.Source);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }
}
