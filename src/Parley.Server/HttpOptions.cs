namespace Parley.Server;

/// <summary>Where the server listens for the web client, the API and the hub (<c>Parley:Http</c>).</summary>
public sealed class HttpOptions
{
    /// <summary>Plain HTTP, all addresses. 0 takes a free port.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>Whether to listen for HTTPS as well.</summary>
    public bool Https { get; set; } = true;

    /// <summary>HTTPS, all addresses. 0 takes a free port.</summary>
    public int HttpsPort { get; set; } = 8443;

    /// <summary>A certificate with its chain, PEM or PFX; empty means one signed by itself, made in the data folder.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>The key of a PEM certificate; empty means it is in the same file.</summary>
    public string CertificateKeyPath { get; set; } = "";

    /// <summary>The password of a PFX, or of an encrypted PEM key.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>Addresses or networks (CIDR) of reverse proxies whose X-Forwarded-For and -Proto are believed.</summary>
    public IList<string> TrustedProxies { get; } = [];
}
