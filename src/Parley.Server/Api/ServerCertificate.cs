using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Parley.Server.Api;

/// <summary>
/// The certificate of HTTPS: the given one, or one that the server signs for itself at its first start and keeps, so that a
/// browser's exception for it lasts.
/// </summary>
internal static class ServerCertificate
{
    public const string FileName = "https.pem";

    private static readonly TimeSpan Validity = TimeSpan.FromDays(397);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    /// <exception cref="StartException">The given file holds no certificate that can be used, or ours cannot be kept.</exception>
    public static X509Certificate2 Load(ParleyOptions options, TimeProvider time)
    {
        if (options.Http.CertificatePath.Length > 0) return LoadGiven(options.Http);
        var path = Path.Combine(options.DataFolder, FileName);
        var now = time.GetUtcNow();
        try
        {
            if (TryLoadOwn(path) is { } kept)
            {
                if (now < kept.NotAfter - RenewBefore) return kept;
                kept.Dispose();
            }

            var made = CreateOwn(now);
            Save(made, path);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Parley:DataFolder: \"{path}\" could not be written or read: {e.Message}", e);
        }
    }

    private static X509Certificate2 LoadGiven(HttpOptions http)
    {
        var (path, password) = (http.CertificatePath, http.CertificatePassword.Length > 0 ? http.CertificatePassword : null);
        try
        {
            if (X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx)
                return X509CertificateLoader.LoadPkcs12FromFile(path, password, X509KeyStorageFlags.EphemeralKeySet);

            var key = http.CertificateKeyPath.Length > 0 ? http.CertificateKeyPath : path;
            return password is null
                ? X509Certificate2.CreateFromPemFile(path, key)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"Parley:Http:CertificatePath: no certificate with its key could be read from \"{path}\": {e.Message}", e);
        }
    }

    private static X509Certificate2? TryLoadOwn(string path)
    {
        try
        {
            return File.Exists(path) ? X509Certificate2.CreateFromPemFile(path) : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // A file that was cut off or overwritten is only ours to make again.
            return null;
        }
    }

    private static X509Certificate2 CreateOwn(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Parley", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Uri.CheckHostName(Environment.MachineName) == UriHostNameType.Dns) names.AddDnsName(Environment.MachineName);
        foreach (var address in Addresses()) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        // An hour back, for clients whose clock is behind.
        return request.CreateSelfSigned(now.AddHours(-1), now + Validity);
    }

    private static HashSet<IPAddress> Addresses()
    {
        var addresses = new HashSet<IPAddress> { IPAddress.Loopback, IPAddress.IPv6Loopback };
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus != OperationalStatus.Up) continue;
            foreach (var unicast in network.GetIPProperties().UnicastAddresses)
            {
                if (!unicast.Address.IsIPv6LinkLocal) addresses.Add(unicast.Address);
            }
        }

        return addresses;
    }

    private static void Save(X509Certificate2 certificate, string path)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Under another name first: a start that dies here leaves the old file or none, and never one that others can read.
        var fresh = path + ".new";
        File.Delete(fresh);
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(new FileStream(fresh, create))) writer.Write(pem);
        File.Move(fresh, path, overwrite: true);
    }
}
