using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class PeerCertificateKeyTests
{
    [Theory]
    [InlineData("1.2.840.10045.3.1.7", true)] // P-256
    [InlineData("1.3.132.0.34", true)] // P-384
    [InlineData("1.3.132.0.35", false)] // P-521
    [InlineData("1.3.132.0.10", false)] // secp256k1
    public void Takes_the_two_common_curves(string curve, bool acceptable)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));

        Assert.Equal(acceptable, IsAcceptable(new PublicKey(key)));
    }

    [Theory]
    [InlineData(1024, 3, false)]
    [InlineData(2048, 3, true)]
    [InlineData(4096, 3, true)]
    [InlineData(4097, 3, false)]
    [InlineData(16384, 3, false)]
    [InlineData(2048, 4, true)]
    [InlineData(2048, 256, false)]
    public void Takes_RSA_within_bounds(int modulusBits, int exponentBytes, bool acceptable)
    {
        // Any odd number serves: nothing is verified here, that is the point.
        var modulus = new byte[(modulusBits + 7) / 8];
        modulus[0] = (byte)(1 << ((modulusBits - 1) % 8));
        modulus[^1] |= 1;
        var exponent = new byte[exponentBytes];
        exponent[0] = 1;
        exponent[^1] |= 1;

        Assert.Equal(acceptable, IsAcceptable(Rsa(modulus, exponent)));
    }

    [Fact]
    public void Refuses_an_RSA_key_that_does_not_parse() =>
        Assert.False(IsAcceptable(new PublicKey(new Oid("1.2.840.113549.1.1.1"), Asn([5, 0]), Asn([0x30, 3, 2, 1, 1]))));

    private static bool IsAcceptable(PublicKey key)
    {
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=test");
        using var certificate = new CertificateRequest(name, key, HashAlgorithmName.SHA256).Create(
            name, X509SignatureGenerator.CreateForECDsa(issuer), DtlsPair.Now, DtlsPair.Now.AddDays(1), [1]);
        return PeerCertificateKey.IsAcceptable(new BcTlsCertificate(new BcTlsCrypto(), certificate.RawData));
    }

    private static PublicKey Rsa(byte[] modulus, byte[] exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(exponent);
        }

        return new PublicKey(new Oid("1.2.840.113549.1.1.1"), Asn([5, 0]), Asn(writer.Encode()));
    }

    private static AsnEncodedData Asn(byte[] der) => new(der);
}
