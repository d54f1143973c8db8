using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Parley.Client;

/// <summary>Decides whose certificate is taken, and remembers in words why the last one was not.</summary>
internal sealed class CertificateCheck
{
    private readonly bool _acceptAny;
    private readonly byte[]? _pinned;
    private volatile string? _rejection;

    /// <exception cref="ParleyException">Invalid: the given SHA-256 is none.</exception>
    public CertificateCheck(ParleyServerOptions options)
    {
        _acceptAny = options.AcceptAnyCertificate;
        if (options.CertificateSha256 is not { } text) return;
        try
        {
            _pinned = Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal).Trim());
        }
        catch (FormatException)
        {
            // Said below, together with a wrong length.
        }

        if (_pinned?.Length != SHA256.HashSizeInBytes)
            throw new ParleyException(ParleyError.Invalid, "The SHA-256 of a certificate is 64 hexadecimal digits.");
    }

    /// <summary>What is wrong with the certificate that was refused last, like "it is signed by itself (SHA-256 …)".</summary>
    public string? Rejection => _rejection;

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var hash = certificate?.GetCertHash(HashAlgorithmName.SHA256);
        var good = _pinned is not null
            ? hash is not null && CryptographicOperations.FixedTimeEquals(hash, _pinned)
            : _acceptAny || errors == SslPolicyErrors.None;
        _rejection = good ? null : Why(certificate, chain, errors, hash);
        return good;
    }

    private string Why(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, byte[]? hash)
    {
        if (certificate is null || hash is null) return "it has none";
        var status = X509ChainStatusFlags.NoError;
        foreach (var one in chain?.ChainStatus ?? []) status |= one.Status;
        var what = _pinned is not null ? "it is not the one expected"
            : status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it has expired, or is not valid yet"
            : status.HasFlag(X509ChainStatusFlags.Revoked) ? "it was revoked"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
                ? certificate.Subject == certificate.Issuer ? "it is signed by itself" : "who signed it is not known here"
            : "it is for another name";
        return $"{what} (SHA-256 {Convert.ToHexString(hash)})";
    }
}
