using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Protocol;
using Parley.Server.TurnHost;

namespace Parley.Server.Tests.TurnHost;

/// <summary>A TURN server on free ports of this machine, advertised as 127.0.0.1.</summary>
internal sealed class TurnStage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-turn-");

    /// <param name="change">What differs from the defaults.</param>
    /// <param name="time">The system's when null.</param>
    /// <param name="tls">Whether there is a certificate.</param>
    public TurnStage(Action<ParleyOptions>? change = null, TimeProvider? time = null, bool tls = false)
    {
        Options = new ParleyOptions
        {
            DataFolder = _folder.FullName,
            Media = new MediaOptions { Addresses = { "127.0.0.1" } },
            Turn = new TurnOptions { Port = 0, TlsPort = 0, RelayPortFirst = 0 },
        };
        if (tls) Options.Http.CertificatePath = MakeCertificate();
        change?.Invoke(Options);
        Plane = new TurnPlane(Options, time ?? TimeProvider.System, NullLogger<TurnPlane>.Instance, () => MediaPort == 0 ? [] : [MediaPort]);
    }

    public ParleyOptions Options { get; }

    public TurnPlane Plane { get; }

    /// <summary>Where our media would be; read at the start.</summary>
    public int MediaPort { get; set; }

    /// <summary>Credentials for it.</summary>
    public IceServer Server => Plane.For("ada", "127.0.0.1")[1];

    public async Task<TurnStage> StartAsync()
    {
        await Plane.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public void Dispose()
    {
        Plane.Dispose();
        _folder.Delete(recursive: true);
    }

    private string MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        var path = Path.Combine(_folder.FullName, "given.pem");
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }
}
