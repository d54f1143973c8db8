using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Parley.Media.Dtls;

/// <summary>
/// Our certificate and its private key: ECDSA on P-256 with SHA-256, as RFC 8827 §6.5 requires of every endpoint.
/// Self-signed: what a peer trusts is the fingerprint in the SDP. Safe to use from several threads.
/// </summary>
public sealed class DtlsIdentity : IDisposable
{
    private readonly Lock _signing = new();
    private readonly ECDsa _key;

    private DtlsIdentity(byte[] certificate, ECDsa key)
    {
        Certificate = certificate;
        _key = key;
        Fingerprint = DtlsFingerprint.Of(certificate);
    }

    /// <summary>The certificate's DER bytes.</summary>
    public byte[] Certificate { get; }

    /// <summary>Its SHA-256 fingerprint, for our SDP.</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>
    /// Makes a new key and certificate. A peer checks no dates (RFC 8827 §6.5 trusts the fingerprint), but the start lies
    /// a day back for clocks that run behind.
    /// </summary>
    public static DtlsIdentity Create(DateTimeOffset now, TimeSpan validity)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Parley", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + validity);
        return new DtlsIdentity(certificate.RawData, key);
    }

    /// <summary>Loads an identity that <see cref="ExportPem"/> wrote.</summary>
    /// <exception cref="CryptographicException">Not PEM, not an EC P-256 key, or not the certificate's key.</exception>
    public static DtlsIdentity FromPem(string pem)
    {
        using var certificate = LoadCertificate(pem);
        var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("The key is not an EC key.");
        if (key.KeySize != 256)
        {
            key.Dispose();
            throw new CryptographicException("The key is not on P-256.");
        }

        return new DtlsIdentity(certificate.RawData, key);
    }

    /// <summary>The certificate and the PKCS#8 private key as PEM: a secret.</summary>
    public string ExportPem() => PemEncoding.WriteString("CERTIFICATE", Certificate) + "\n" + _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>Signs a SHA-256 digest; the signature is a DER sequence (RFC 8422 §5.4).</summary>
    internal byte[] SignHash(byte[] hash)
    {
        lock (_signing)
        {
            return _key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    private static X509Certificate2 LoadCertificate(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (ArgumentException mismatch)
        {
            throw new CryptographicException("The private key is not the certificate's.", mismatch);
        }
    }
}
