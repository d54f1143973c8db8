using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Parley.Media.Dtls;

namespace Parley.Client.Tests.Interop;

/// <summary>Our DTLS client against OpenSSL's server, a process of its own, over the loopback interface.</summary>
public sealed partial class DtlsOpenSslServerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DtlsIdentity _client = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-dtls-");

    [Theory]
    [InlineData("SRTP_AEAD_AES_128_GCM", (int)DtlsKeys.AeadAes128Gcm, 56)]
    [InlineData("SRTP_AES128_CM_SHA1_80", (int)DtlsKeys.Aes128CmHmacSha1Tag80, 60)]
    [InlineData("SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", (int)DtlsKeys.Aes128CmHmacSha1Tag80, 60)]
    public async Task Openssl_exports_the_same_keys(string profiles, int number, int length)
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();
        using var openssl = Start(
            port, server.ExportPem(), "-use_srtp", profiles, "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", $"{length}");
        using var datagrams = new UdpDatagrams(port);

        var outcome = await Handshake(server.Fingerprint, datagrams);

        Assert.True(outcome.Succeeded, outcome.ToString());
        Assert.Equal(number, outcome.Keys.SrtpProfile);
        var printed = await openssl.Find(line => Exported().Match(line) is { Success: true } match ? match.Groups[1].Value : null);
        Assert.Equal(printed, Convert.ToHexString(outcome.Keys.ExportedKeyingMaterial));
    }

    [Fact]
    public async Task Openssl_has_verified_our_certificate()
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();

        // -Verify makes it ask for a certificate and fail without one; it also prints whose it is.
        using var openssl = Start(port, server.ExportPem(), "-use_srtp", "SRTP_AEAD_AES_128_GCM", "-Verify", "1");
        using var datagrams = new UdpDatagrams(port);

        var outcome = await Handshake(server.Fingerprint, datagrams);

        Assert.True(outcome.Succeeded, outcome.ToString());
        await openssl.Find(line => line.Contains("subject", StringComparison.Ordinal) && line.Contains("Parley", StringComparison.Ordinal) ? line : null);
    }

    [Fact]
    public async Task Openssl_may_show_an_RSA_certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Now, Now.AddYears(10));
        var port = FreePort.Udp();
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        using var openssl = Start(port, pem, "-use_srtp", "SRTP_AEAD_AES_128_GCM");
        using var datagrams = new UdpDatagrams(port);

        var outcome = await Handshake(DtlsFingerprint.Of(certificate.RawData), datagrams);

        Assert.True(outcome.Succeeded, outcome.ToString());
    }

    [Fact]
    public async Task Openssl_may_ask_for_the_hello_again_with_a_cookie()
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();
        using var openssl = Start(port, server.ExportPem(), "-use_srtp", "SRTP_AEAD_AES_128_GCM", "-listen");
        using var datagrams = new UdpDatagrams(port);

        var outcome = await Handshake(server.Fingerprint, datagrams);

        Assert.True(outcome.Succeeded, outcome.ToString());
    }

    [Fact]
    public async Task Openssl_without_use_srtp_is_refused()
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();
        using var openssl = Start(port, server.ExportPem());
        using var datagrams = new UdpDatagrams(port);

        Assert.Equal(DtlsFailure.NoCommonSrtpProfile, (await Handshake(server.Fingerprint, datagrams)).Failure);
    }

    [Fact]
    public async Task Openssl_with_another_certificate_is_refused()
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();
        using var openssl = Start(port, server.ExportPem(), "-use_srtp", "SRTP_AEAD_AES_128_GCM");
        using var datagrams = new UdpDatagrams(port);

        Assert.Equal(DtlsFailure.FingerprintMismatch, (await Handshake(_client.Fingerprint, datagrams)).Failure);
    }

    [Fact]
    public async Task Openssl_learns_that_we_have_left()
    {
        using var server = DtlsIdentity.Create(Now, TimeSpan.FromDays(365));
        var port = FreePort.Udp();
        using var openssl = Start(port, server.ExportPem(), "-use_srtp", "SRTP_AEAD_AES_128_GCM", "-naccept", "1");
        using var datagrams = new UdpDatagrams(port);
        var outcome = await Handshake(server.Fingerprint, datagrams);

        outcome.Connection!.Close();

        // It ends with its one connection, and that with our close_notify.
        await openssl.Exited();
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"Keying material: ([0-9A-F]+)")]
    private static partial Regex Exported();

    private ForeignProcess Start(int port, string pem, params string[] more)
    {
        var file = Path.Combine(_folder.FullName, "server.pem");
        File.WriteAllText(file, pem);
        return new ForeignProcess(
            "openssl", "openssl", ["s_server", "-dtls1_2", "-accept", $"127.0.0.1:{port}", "-cert", file, "-key", file, .. more]);
    }

    // The server may not listen yet: the hello is resent until it does.
    private Task<DtlsOutcome> Handshake(DtlsFingerprint expected, UdpDatagrams datagrams) => Task.Run(
        () => DtlsClientHandshake.Run(_client, expected, datagrams, new DtlsHandshakeOptions { Timeout = TimeSpan.FromSeconds(20) }),
        TestContext.Current.CancellationToken);
}
