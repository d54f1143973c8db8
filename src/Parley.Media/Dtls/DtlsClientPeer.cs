using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>Our choices as the client of one handshake: what we offer, and whom we go on with.</summary>
internal sealed class DtlsClientPeer(DtlsTerms terms) : AbstractTlsClient(terms.Crypto)
{
    // RFC 8827 §6.5 makes the first mandatory; a server that shows an RSA certificate can only take the others. Why no
    // ChaCha20: see DtlsServerPeer.
    private static readonly int[] Suites =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ];

    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => terms.Options.TimeoutMillis;

    public override int GetHandshakeResendTimeMillis() => terms.Options.InitialResendMillis;

    public override int GetMaxHandshakeMessageSize() => DtlsRecord.MaxMessageLength;

    public override int GetMaxCertificateChainLength() => DtlsTerms.MaxCertificateChainLength;

    // Required all the same: ProcessServerExtensions says so by a name of its own, and the exporter refuses without it.
    public override bool RequiresExtendedMasterSecret() => false;

    // We never renegotiate.
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => terms.AlertReceived = alertDescription;

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = base.GetClientExtensions();

        // Only for suites of CBC, of which we offer none.
        extensions.Remove(ExtensionType.encrypt_then_mac);
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, DtlsTerms.Offer);
        return extensions;
    }

    /// <remarks>Called for every ServerHello, with null when it has no extensions.</remarks>
    public override void ProcessServerExtensions(IDictionary<int, byte[]>? serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        terms.AcceptProfile(serverExtensions);
        terms.RequireExtendedMasterSecret(m_context.SecurityParameters.IsExtendedMasterSecret);
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(terms);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        terms.ExportKeys(m_context);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => Suites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => DtlsTerms.Groups;

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => DtlsTerms.SignatureAlgorithms;

    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;

    private sealed class Authentication(DtlsTerms terms) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
            terms.RequireExpected(serverCertificate.Certificate.GetCertificateAt(0));

        // A server that asks for none does not authenticate us: its risk, not ours.
        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => terms.Credentials;
    }
}
