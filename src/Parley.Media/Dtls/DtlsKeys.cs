namespace Parley.Media.Dtls;

/// <summary>
/// What a completed handshake gives to SRTP: the agreed protection profile (RFC 5764 §4.1.2, RFC 7714 §14.2) and the
/// raw output of the exporter with the label "EXTRACTOR-dtls_srtp" (RFC 5764 §4.2): client key, server key, client
/// salt, server salt. A client protects with the client's, a server with the server's.
/// </summary>
/// <param name="SrtpProfile">0x0007 (AEAD_AES_128_GCM) or 0x0001 (AES128_CM_HMAC_SHA1_80).</param>
/// <param name="ExportedKeyingMaterial">56 bytes for 0x0007, 60 bytes for 0x0001.</param>
public sealed record DtlsKeys(ushort SrtpProfile, byte[] ExportedKeyingMaterial)
{
    /// <summary>AEAD_AES_128_GCM (RFC 7714 §14.2): 16-byte keys, 12-byte salts.</summary>
    public const ushort AeadAes128Gcm = 0x0007;

    /// <summary>SRTP_AES128_CM_HMAC_SHA1_80 (RFC 5764 §4.1.2): 16-byte keys, 14-byte salts.</summary>
    public const ushort Aes128CmHmacSha1Tag80 = 0x0001;

    /// <summary>How many bytes the exporter gives for a profile: two keys and two salts; 0 for one we do not speak.</summary>
    public static int ExportLength(ushort profile) => profile switch
    {
        AeadAes128Gcm => 2 * (16 + 12),
        Aes128CmHmacSha1Tag80 => 2 * (16 + 14),
        _ => 0,
    };

    /// <summary>Without the secret, so that no log can spill it.</summary>
    public override string ToString() => $"DtlsKeys {{ SrtpProfile = 0x{SrtpProfile:x4} }}";
}
