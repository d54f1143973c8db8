using Org.BouncyCastle.Tls;

namespace Parley.Media.Dtls;

/// <summary>Our choices as the server of one handshake: versions, suites, and whom we let in.</summary>
internal sealed class DtlsServerPeer(DtlsTerms terms) : AbstractTlsServer(terms.Crypto)
{
    // RFC 8827 §6.5 makes the first mandatory. ChaCha20 is left out: its records may be shorter than those of GCM, and the
    // intake's lower bound (DtlsRecord) relies on that; DTLS carries a handful of records here, so speed is no matter.
    private static readonly int[] Suites =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => terms.Options.TimeoutMillis;

    public override int GetHandshakeResendTimeMillis() => terms.Options.InitialResendMillis;

    public override int GetMaxHandshakeMessageSize() => DtlsRecord.MaxMessageLength;

    public override int GetMaxCertificateChainLength() => DtlsTerms.MaxCertificateChainLength;

    public override bool RequiresExtendedMasterSecret() => true;

    // We never renegotiate, so a client that does not know RFC 5746 is in no danger from us.
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => terms.AlertReceived = alertDescription;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        terms.ChooseProfile(clientExtensions);
        terms.RequireExtendedMasterSecret(TlsExtensionsUtilities.HasExtendedMasterSecretExtension(clientExtensions));
    }

    public override ProtocolVersion GetServerVersion()
    {
        if (!m_context.ClientSupportedVersions.Contains(ProtocolVersion.DTLSv12))
        {
            throw terms.Refuse(DtlsFailure.UnsupportedVersion, AlertDescription.protocol_version);
        }

        // A hello with no extensions at all never reaches ProcessClientExtensions.
        return terms.HasProfile
            ? ProtocolVersion.DTLSv12
            : throw terms.Refuse(DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
    }

    public override int GetSelectedCipherSuite()
    {
        try
        {
            return base.GetSelectedCipherSuite();
        }
        catch (TlsFatalAlert alert) when (alert.AlertDescription == AlertDescription.handshake_failure)
        {
            throw terms.Refuse(DtlsFailure.NoCommonCipherSuite, AlertDescription.handshake_failure);
        }
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = base.GetServerExtensions();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, terms.Choice);
        return extensions;
    }

    public override TlsCredentials GetCredentials() => terms.Credentials;

    // RFC 8827 §6.5: both sides authenticate.
    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], DtlsTerms.SignatureAlgorithms, null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (clientCertificate.IsEmpty)
        {
            throw terms.Refuse(DtlsFailure.NoClientCertificate, AlertDescription.handshake_failure);
        }

        terms.RequireExpected(clientCertificate.GetCertificateAt(0));
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        terms.ExportKeys(m_context);
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
        foreach (var group in DtlsTerms.Groups)
        {
            if (NamedGroup.GetCurveBits(group) >= minimumCurveBits && (offered is null || offered.Contains(group)))
            {
                return group;
            }
        }

        return -1;
    }
}
