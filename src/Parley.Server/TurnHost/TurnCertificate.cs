using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Parley.Server.Api;

namespace Parley.Server.TurnHost;

/// <summary>
/// The certificate of turns: the one given for HTTPS, with its chain. One signed by ourselves is of no use: for a page one can make an
/// exception, for a TURN server no browser asks.
/// </summary>
internal static class TurnCertificate
{
    /// <returns>Null when none was given.</returns>
    /// <exception cref="StartException">The given file holds none that can be used.</exception>
    public static SslStreamCertificateContext? Load(ParleyOptions options, TimeProvider time)
    {
        if (options.Http.CertificatePath.Length == 0) return null;
        var certificate = ServerCertificate.Load(options, time);
        var chain = new X509Certificate2Collection();
        try
        {
            if (X509Certificate2.GetCertContentType(options.Http.CertificatePath) == X509ContentType.Pfx)
            {
                var password = options.Http.CertificatePassword.Length > 0 ? options.Http.CertificatePassword : null;
                chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(
                    options.Http.CertificatePath, password, X509KeyStorageFlags.EphemeralKeySet);
            }
            else
            {
                chain.ImportFromPemFile(options.Http.CertificatePath);
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"Parley:Http:CertificatePath: the chain in \"{options.Http.CertificatePath}\" could not be read: {e.Message}", e);
        }

        // Offline: nothing is fetched for what the file does not have.
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
