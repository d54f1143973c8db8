using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Parley.Server.Api;

namespace Parley.Server.Tests.Api;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("parley-certificate-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly ParleyOptions _options = new();

    public ServerCertificateTests() => _options.DataFolder = Path.Combine(_data.FullName, "data");

    private string OwnFile => Path.Combine(_options.DataFolder, ServerCertificate.FileName);

    [Fact]
    public void Makes_one_at_first_and_keeps_it_until_it_is_about_to_expire()
    {
        using var first = ServerCertificate.Load(_options, _time);
        Assert.True(first.HasPrivateKey);
        Assert.Equal("1.2.840.10045.3.1.7", first.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.True(first.MatchesHostname("localhost"));
        Assert.True(first.MatchesHostname("127.0.0.1"));
        foreach (var address in NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Where(unicast => !unicast.Address.IsIPv6LinkLocal))
            Assert.True(first.MatchesHostname(address.Address.ToString()));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OwnFile));

        _time.Advance(TimeSpan.FromDays(300));
        using var second = ServerCertificate.Load(_options, _time);
        Assert.Equal(first.Thumbprint, second.Thumbprint);
        _time.Advance(TimeSpan.FromDays(90));
        using var third = ServerCertificate.Load(_options, _time);
        Assert.NotEqual(first.Thumbprint, third.Thumbprint);
        Assert.True(third.NotAfter > _time.GetUtcNow().AddDays(300));
    }

    [Fact]
    public void Makes_a_new_one_when_the_file_is_damaged()
    {
        ServerCertificate.Load(_options, _time).Dispose();
        File.WriteAllText(OwnFile, "-----BEGIN CERTIFICATE-----\nrubbish");
        using var made = ServerCertificate.Load(_options, _time);
        Assert.True(made.HasPrivateKey);
    }

    [Fact]
    public void Takes_the_given_one_pem_or_pfx()
    {
        using var own = ServerCertificate.Load(_options, _time);
        var pfx = Path.Combine(_data.FullName, "given.pfx");
        File.WriteAllBytes(pfx, own.Export(X509ContentType.Pkcs12, "secret"));
        _options.Http.CertificatePath = pfx;
        Assert.Contains("Parley:Http:CertificatePath", Assert.Throws<StartException>(() => ServerCertificate.Load(_options, _time)).Message, StringComparison.Ordinal);
        _options.Http.CertificatePassword = "secret";
        using (var given = ServerCertificate.Load(_options, _time)) Assert.Equal(own.Thumbprint, given.Thumbprint);

        var (pem, key) = (Path.Combine(_data.FullName, "given.pem"), Path.Combine(_data.FullName, "key.pem"));
        File.WriteAllText(pem, own.ExportCertificatePem());
        File.WriteAllText(key, own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        (_options.Http.CertificatePath, _options.Http.CertificateKeyPath, _options.Http.CertificatePassword) = (pem, key, "");
        using (var given = ServerCertificate.Load(_options, _time)) Assert.True(given is { HasPrivateKey: true } && given.Thumbprint == own.Thumbprint);
        _options.Http.CertificateKeyPath = "";
        Assert.Throws<StartException>(() => ServerCertificate.Load(_options, _time));
    }

    public void Dispose() => _data.Delete(recursive: true);
}
