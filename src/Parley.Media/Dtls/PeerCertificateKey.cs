using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Parley.Media.Dtls;

/// <summary>
/// Which keys we verify a signature of. The peer chooses its own certificate, and its fingerprint with it, so a key of
/// 16,384 bits with an exponent as long, or a curve of its own making, would pass every other check and hold a
/// processor for seconds.
/// </summary>
internal static class PeerCertificateKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 4096;
    private const int MaxRsaExponentBits = 32;

    public static bool IsAcceptable(TlsCertificate certificate)
    {
        if (certificate is not BcTlsCertificate x509)
        {
            return false;
        }

        var key = x509.X509CertificateStructure.SubjectPublicKeyInfo;
        var algorithm = key.Algorithm.Algorithm;
        if (algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey))
        {
            return key.Algorithm.Parameters is DerObjectIdentifier curve
                && (curve.Equals(SecObjectIdentifiers.SecP256r1) || curve.Equals(SecObjectIdentifiers.SecP384r1));
        }

        return algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption) && IsAcceptableRsa(key);
    }

    private static bool IsAcceptableRsa(SubjectPublicKeyInfo info)
    {
        try
        {
            var key = RsaPublicKeyStructure.GetInstance(info.ParsePublicKey());
            return key.Modulus.BitLength is >= MinRsaBits and <= MaxRsaBits
                && key.PublicExponent.BitLength <= MaxRsaExponentBits;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or IOException or InvalidOperationException)
        {
            return false;
        }
    }
}
