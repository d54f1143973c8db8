using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Parley.Media.Dtls;

/// <summary>Our choices in one handshake: versions, suites, profiles, and whom we let in.</summary>
internal sealed class DtlsServerPeer(
    DtlsIdentity identity,
    DtlsFingerprint expected,
    DtlsHandshakeOptions options,
    RandomSource random) : AbstractTlsServer(new BcTlsCrypto(new SecureRandom(new RandomSourceGenerator(random))))
{
    // RFC 5764 §4.2.
    private const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    // RFC 8827 §6.5 makes the first mandatory. ChaCha20 is left out: its records may be shorter than those of GCM, and the
    // intake's lower bound (DtlsRecord) relies on that; DTLS carries a handful of records here, so speed is no matter.
    private static readonly int[] Suites =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    private static readonly int[] Groups = [NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1];

    private static readonly int[] Profiles = [DtlsKeys.AeadAes128Gcm, DtlsKeys.Aes128CmHmacSha1Tag80];

    private int _profile;

    /// <summary>Why we refused; <see cref="DtlsFailure.None"/> when we did not.</summary>
    public DtlsFailure Failure { get; private set; }

    /// <summary>The keys, once the handshake is complete.</summary>
    public DtlsKeys? Keys { get; private set; }

    /// <summary>The last alert the peer sent.</summary>
    public short? AlertReceived { get; private set; }

    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => Math.Max(1, (int)options.Timeout.TotalMilliseconds);

    public override int GetHandshakeResendTimeMillis() => Math.Max(1, (int)options.InitialResend.TotalMilliseconds);

    public override int GetMaxHandshakeMessageSize() => DtlsRecord.MaxMessageLength;

    // WebRTC certificates are self-signed; a short chain does no harm, only its first certificate counts.
    public override int GetMaxCertificateChainLength() => 4;

    public override bool RequiresExtendedMasterSecret() => true;

    // We never renegotiate, so a client that does not know RFC 5746 is in no danger from us.
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => AlertReceived = alertDescription;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        var offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions)?.ProtectionProfiles ?? [];
        _profile = Profiles.FirstOrDefault(offered.Contains);
        if (_profile == 0)
        {
            throw Refuse(DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
        }

        if (!TlsExtensionsUtilities.HasExtendedMasterSecretExtension(clientExtensions))
        {
            throw Refuse(DtlsFailure.NoExtendedMasterSecret, AlertDescription.handshake_failure);
        }
    }

    public override ProtocolVersion GetServerVersion()
    {
        if (!m_context.ClientSupportedVersions.Contains(ProtocolVersion.DTLSv12))
        {
            throw Refuse(DtlsFailure.UnsupportedVersion, AlertDescription.protocol_version);
        }

        // A hello with no extensions at all never reaches ProcessClientExtensions.
        return _profile != 0
            ? ProtocolVersion.DTLSv12
            : throw Refuse(DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
    }

    public override int GetSelectedCipherSuite()
    {
        try
        {
            return base.GetSelectedCipherSuite();
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == AlertDescription.handshake_failure)
        {
            throw Refuse(DtlsFailure.NoCommonCipherSuite, AlertDescription.handshake_failure);
        }
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = base.GetServerExtensions();

        // RFC 5764 §4.1.1: the one chosen profile. No MKI, whatever the client offered (§4.1.3: an empty one means none).
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([_profile], []));
        return extensions;
    }

    public override TlsCredentials GetCredentials() => new DtlsCertificateSigner(identity, Crypto);

    // RFC 8827 §6.5: both sides authenticate. Browsers use ECDSA on P-256, or RSA where a page asks for it.
    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign],
        [
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa),
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa),
            SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
            SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
        ],
        null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (clientCertificate.IsEmpty)
        {
            throw Refuse(DtlsFailure.NoClientCertificate, AlertDescription.handshake_failure);
        }

        var certificate = clientCertificate.GetCertificateAt(0);
        if (!expected.Matches(certificate.GetEncoded()))
        {
            throw Refuse(DtlsFailure.FingerprintMismatch, AlertDescription.bad_certificate);
        }

        if (!ClientCertificateKey.IsAcceptable(certificate))
        {
            throw Refuse(DtlsFailure.UnsupportedCertificate, AlertDescription.unsupported_certificate);
        }
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        var profile = (ushort)_profile;
        Keys = new DtlsKeys(profile, m_context.ExportKeyingMaterial(ExporterLabel, null, DtlsKeys.ExportLength(profile)));
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => Suites;

    protected override bool PreferLocalCipherSuites() => true;

    protected override bool AllowCertificateStatus() => false;

    protected override bool AllowEncryptThenMac() => false;

    // Our own groups only: a client lists hybrids first, which DTLS 1.2 cannot use.
    protected override int GetMaximumNegotiableCurveBits() =>
        SelectECDH(0) is var group and >= 0 ? NamedGroup.GetCurveBits(group) : 0;

    protected override int SelectECDH(int minimumCurveBits)
    {
        var offered = m_context.SecurityParameters.ClientSupportedGroups;
        foreach (var group in Groups)
        {
            if (NamedGroup.GetCurveBits(group) >= minimumCurveBits && (offered is null || offered.Contains(group)))
            {
                return group;
            }
        }

        return -1;
    }

    private TlsFatalAlert Refuse(DtlsFailure failure, short alert)
    {
        Failure = failure;
        return new TlsFatalAlert(alert);
    }
}
