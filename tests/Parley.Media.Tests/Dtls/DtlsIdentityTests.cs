using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsIdentityTests
{
    [Fact]
    public void Makes_a_self_signed_P256_certificate_with_its_own_fingerprint()
    {
        using var identity = DtlsIdentity.Create(DtlsPair.Now, TimeSpan.FromDays(30));
        using var certificate = X509CertificateLoader.LoadCertificate(identity.Certificate);
        using var key = certificate.GetECDsaPublicKey();

        Assert.Equal("1.2.840.10045.3.1.7", key!.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal(certificate.SubjectName.RawData, certificate.IssuerName.RawData);
        Assert.Equal(DtlsPair.Now.AddDays(30), new DateTimeOffset(certificate.NotAfter));
        Assert.Equal(certificate.GetCertHash(HashAlgorithmName.SHA256), identity.Fingerprint.Bytes.ToArray());
    }

    [Fact]
    public void Two_identities_differ() => Assert.NotEqual(DtlsPair.Server.Fingerprint, DtlsPair.Client.Fingerprint);

    [Fact]
    public void Loads_what_it_exported()
    {
        using var loaded = DtlsIdentity.FromPem(DtlsPair.Server.ExportPem());
        using var certificate = X509CertificateLoader.LoadCertificate(DtlsPair.Server.Certificate);
        using var key = certificate.GetECDsaPublicKey();
        var digest = SHA256.HashData("flight"u8);

        Assert.Equal(DtlsPair.Server.Fingerprint, loaded.Fingerprint);
        Assert.True(key!.VerifyHash(digest, loaded.SignHash(digest), DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void Refuses_a_key_that_is_not_the_certificates()
    {
        var server = DtlsPair.Server.ExportPem();
        var client = DtlsPair.Client.ExportPem();
        var mixed = server[..server.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)]
            + client[client.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)..];

        Assert.Throws<CryptographicException>(() => DtlsIdentity.FromPem(mixed));
        Assert.Throws<CryptographicException>(() => DtlsIdentity.FromPem("not PEM"));
    }
}
