using ECDsa = System.Security.Cryptography.ECDsa;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>BouncyCastle's DTLS client as a browser would set it up, with switches for what a bad one does.</summary>
internal sealed class DtlsTestClient(DtlsIdentity? certificate, int[]? profiles = null, int resendMillis = 1000)
    : DefaultTlsClient(new BcTlsCrypto())
{
    private int _profile;

    /// <summary>Extra bytes in the ClientHello, as an ML-KEM key share would add.</summary>
    public int Padding { get; init; }

    /// <summary>Whose key signs, when not the certificate's own: an impostor.</summary>
    public DtlsIdentity? Signer { get; init; }

    public bool OffersExtendedMasterSecret { get; init; } = true;

    public ProtocolVersion[] Versions { get; init; } = ProtocolVersion.DTLSv12.Only();

    public int[] Suites { get; init; } = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    /// <summary>The fingerprint of the certificate the server showed.</summary>
    public DtlsFingerprint? ServerFingerprint { get; private set; }

    public DtlsKeys? Keys { get; private set; }

    public short? AlertReceived { get; private set; }

    public DtlsTransport? Transport { get; private set; }

    public Exception? Error { get; private set; }

    public override int GetHandshakeTimeoutMillis() => 20_000;

    public override int GetHandshakeResendTimeMillis() => resendMillis;

    public override bool ShouldUseExtendedMasterSecret() => OffersExtendedMasterSecret;

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
        var offered = profiles ?? [DtlsKeys.AeadAes128Gcm, DtlsKeys.Aes128CmHmacSha1Tag80];
        if (offered.Length > 0)
        {
            TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(offered, []));
        }

        if (Padding > 0)
        {
            TlsExtensionsUtilities.AddPaddingExtension(extensions, Padding);
        }

        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        var chosen = TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions);
        _profile = Assert.Single(chosen.ProtectionProfiles);
        Assert.Empty(chosen.Mki);
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(this);

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => AlertReceived = alertDescription;

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        var length = DtlsKeys.ExportLength((ushort)_profile);
        Keys = new DtlsKeys((ushort)_profile, m_context.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", null, length));
    }

    /// <summary>Connects; an error is kept in <see cref="Error"/>.</summary>
    public void Connect(DatagramTransport transport)
    {
        try
        {
            Transport = new DtlsClientProtocol().Connect(this, transport);
        }
        catch (IOException error)
        {
            Error = error;
        }
    }

    protected override ProtocolVersion[] GetSupportedVersions() => Versions;

    protected override int[] GetSupportedCipherSuites() => Suites;

    private BcDefaultTlsCredentialedSigner Sign(DtlsIdentity shown, DtlsIdentity signer)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(signer.ExportPem());
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(m_context),
            (BcTlsCrypto)Crypto,
            PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey()),
            new Certificate([Crypto.CreateCertificate(shown.Certificate)]),
            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    private sealed class Authentication(DtlsTestClient client) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
            client.ServerFingerprint = DtlsFingerprint.Of(serverCertificate.Certificate.GetCertificateAt(0).GetEncoded());

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) =>
            client.Own is null ? null! : client.Sign(client.Own, client.Signer ?? client.Own);
    }

    private DtlsIdentity? Own { get; } = certificate;
}
