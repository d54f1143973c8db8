using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Parley.Media.Srtp;

namespace Parley.Media.Dtls;

/// <summary>
/// What one handshake stands for in either role: whom we expect, what we agree to, and how it came out. The roles' own
/// classes are BouncyCastle's callbacks around it.
/// </summary>
internal sealed class DtlsTerms(
    DtlsIdentity identity,
    DtlsFingerprint expected,
    DtlsHandshakeOptions options,
    RandomSource random)
{
    /// <summary>The longest chain taken. WebRTC certificates are self-signed; a short chain does no harm, only its first counts.</summary>
    public const int MaxCertificateChainLength = 4;

    /// <summary>Our groups, best first.</summary>
    public static readonly int[] Groups = [NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1];

    private static readonly int[] Profiles = [DtlsKeys.AeadAes128Gcm, DtlsKeys.Aes128CmHmacSha1Tag80];

    private int _profile;

    public DtlsHandshakeOptions Options => options;

    public BcTlsCrypto Crypto { get; } = new(new SecureRandom(new RandomSourceGenerator(random)));

    /// <summary>What we take a peer's signature in. Browsers use ECDSA on P-256, or RSA where a page asks for it.</summary>
    public static IList<SignatureAndHashAlgorithm> SignatureAlgorithms =>
    [
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa),
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa),
        SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa),
    ];

    /// <summary>Why we refused; <see cref="DtlsFailure.None"/> when we did not.</summary>
    public DtlsFailure Failure { get; private set; }

    /// <summary>The keys, once the handshake is complete.</summary>
    public DtlsKeys? Keys { get; private set; }

    /// <summary>The last alert the peer sent.</summary>
    public short? AlertReceived { get; set; }

    /// <summary>Whether a profile has been settled.</summary>
    public bool HasProfile => _profile != 0;

    public TlsCredentials Credentials => new DtlsCertificateSigner(identity, Crypto);

    /// <summary>RFC 5764 §4.1.1: what a client offers, without an MKI.</summary>
    public static UseSrtpData Offer => new(Profiles, []);

    /// <summary>RFC 5764 §4.1.1: the one chosen profile. No MKI, whatever was offered (§4.1.3: an empty one means none).</summary>
    public UseSrtpData Choice => new([_profile], []);

    /// <summary>The server's part: chooses among what the client offered.</summary>
    public void ChooseProfile(IDictionary<int, byte[]> clientExtensions)
    {
        var offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions)?.ProtectionProfiles ?? [];
        Settle(Profiles.FirstOrDefault(offered.Contains));
    }

    /// <summary>The client's part: takes what the server chose, which must be one that we offered (RFC 5764 §4.1.1).</summary>
    public void AcceptProfile(IDictionary<int, byte[]>? serverExtensions)
    {
        var chosen = serverExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions);
        Settle(chosen is { ProtectionProfiles: [var profile], Mki.Length: 0 } && Profiles.Contains(profile) ? profile : 0);
    }

    /// <summary>RFC 7627 §5.4: without extended_master_secret nothing may be exported.</summary>
    public void RequireExtendedMasterSecret(bool agreed)
    {
        if (!agreed)
        {
            throw Refuse(DtlsFailure.NoExtendedMasterSecret, AlertDescription.handshake_failure);
        }
    }

    /// <summary>RFC 8122 §6.2: the certificate must be the one the SDP promised; then, that its key is one we verify.</summary>
    public void RequireExpected(TlsCertificate certificate)
    {
        if (!expected.Matches(certificate.GetEncoded()))
        {
            throw Refuse(DtlsFailure.FingerprintMismatch, AlertDescription.bad_certificate);
        }

        if (!PeerCertificateKey.IsAcceptable(certificate))
        {
            throw Refuse(DtlsFailure.UnsupportedCertificate, AlertDescription.unsupported_certificate);
        }
    }

    /// <summary>RFC 5764 §4.2.</summary>
    public void ExportKeys(TlsContext context)
    {
        var profile = (ushort)_profile;
        var length = DtlsKeys.ExportLength(profile);
        Keys = new DtlsKeys(profile, context.ExportKeyingMaterial(SrtpKeyingMaterial.ExporterLabel, null, length));
    }

    /// <summary>Notes why, and makes what to throw for it.</summary>
    public TlsFatalAlert Refuse(DtlsFailure failure, short alert)
    {
        Failure = failure;
        return new TlsFatalAlert(alert);
    }

    private void Settle(int profile)
    {
        _profile = profile;
        if (profile == 0)
        {
            throw Refuse(DtlsFailure.NoCommonSrtpProfile, AlertDescription.handshake_failure);
        }
    }
}
