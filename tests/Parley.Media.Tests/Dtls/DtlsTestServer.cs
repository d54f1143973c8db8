using ECDsa = System.Security.Cryptography.ECDsa;
using HashAlgorithmName = System.Security.Cryptography.HashAlgorithmName;
using RSA = System.Security.Cryptography.RSA;
using RSASignaturePadding = System.Security.Cryptography.RSASignaturePadding;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>BouncyCastle's DTLS server, with switches for what other implementations and bad ones do.</summary>
internal sealed class DtlsTestServer() : DefaultTlsServer(new BcTlsCrypto())
{
    private byte[] _certificate = DtlsPair.Server.Certificate;

    /// <summary>What it answers in use_srtp; none when empty.</summary>
    public int[] Profiles { get; init; } = [DtlsKeys.AeadAes128Gcm];

    public byte[] Mki { get; init; } = [];

    /// <summary>Whose key signs, when not the certificate's own: an impostor.</summary>
    public DtlsIdentity Signer { get; init; } = DtlsPair.Server;

    /// <summary>Shows an RSA certificate of this size instead.</summary>
    public RSA? Rsa { get; init; }

    public bool AgreesToExtendedMasterSecret { get; init; } = true;

    /// <summary>Sends a HelloVerifyRequest first, as a server that faces the open network does (RFC 6347 §4.2.1).</summary>
    public bool VerifiesHello { get; init; }

    public bool AsksForCertificate { get; init; } = true;

    /// <summary>Answers protocol_version, as a server of DTLS 1.3 alone does.</summary>
    public bool RefusesVersion { get; init; }

    public int[] Suites { get; init; } =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    public int[] Offered { get; private set; } = [];

    public DtlsFingerprint? ClientFingerprint { get; private set; }

    public byte[]? Exported { get; private set; }

    public short? AlertReceived { get; private set; }

    /// <summary>The fingerprint of what it shows.</summary>
    public DtlsFingerprint Fingerprint
    {
        get
        {
            if (Rsa is not null)
            {
                var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
                    "CN=rsa", Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                using var certificate = request.CreateSelfSigned(DtlsPair.Now, DtlsPair.Now.AddDays(1));
                _certificate = certificate.RawData;
            }

            return DtlsFingerprint.Of(_certificate);
        }
    }

    public override int GetHandshakeTimeoutMillis() => 20_000;

    public override ProtocolVersion GetServerVersion() =>
        RefusesVersion ? throw new TlsFatalAlert(AlertDescription.protocol_version) : base.GetServerVersion();

    public override bool ShouldUseExtendedMasterSecret() => AgreesToExtendedMasterSecret;

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => AlertReceived = alertDescription;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        Offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions).ProtectionProfiles;
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetServerExtensions());
        if (Profiles.Length > 0)
        {
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(Profiles, Mki));
        }

        return extensions;
    }

    public override CertificateRequest GetCertificateRequest() => AsksForCertificate
        ? new([ClientCertificateType.ecdsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null)
        : null!;

    public override void NotifyClientCertificate(Certificate clientCertificate) =>
        ClientFingerprint = DtlsFingerprint.Of(clientCertificate.GetCertificateAt(0).GetEncoded());

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        Exported = m_context.ExportKeyingMaterial(
            "EXTRACTOR-dtls_srtp", null, DtlsKeys.ExportLength((ushort)Profiles[0]));
    }

    /// <summary>Serves one client; ends when that gives up.</summary>
    public void Accept(DtlsLink.ServerEnd transport)
    {
        try
        {
            new DtlsServerProtocol().Accept(this, transport, VerifiesHello ? Verify(transport) : null);
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            // What the client makes of it is what tests look at. Exporting without extended_master_secret is the other.
        }
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => Suites;

    protected override TlsCredentialedSigner GetECDsaSignerCredentials()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Signer.ExportPem());
        return Sign(key.ExportPkcs8PrivateKey(), new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    protected override TlsCredentialedSigner GetRsaSignerCredentials() =>
        Sign(Rsa!.ExportPkcs8PrivateKey(), SignatureAndHashAlgorithm.rsa_pss_rsae_sha256);

    private BcDefaultTlsCredentialedSigner Sign(byte[] key, SignatureAndHashAlgorithm algorithm) => new(
        new TlsCryptoParameters(m_context),
        (BcTlsCrypto)Crypto,
        PrivateKeyFactory.CreateKey(key),
        new Certificate([Crypto.CreateCertificate(_certificate)]),
        algorithm);

    private DtlsRequest Verify(DtlsLink.ServerEnd transport)
    {
        var verifier = new DtlsVerifier(Crypto);
        var buffer = new byte[4096];
        while (true)
        {
            var length = transport.Receive(buffer, 0, buffer.Length, 20_000);
            if (length > 0 && verifier.VerifyRequest([1], buffer, 0, length, transport) is { } request)
            {
                return request;
            }
        }
    }
}
