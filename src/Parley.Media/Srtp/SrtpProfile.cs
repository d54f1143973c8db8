namespace Parley.Media.Srtp;

/// <summary>The SRTP protection profiles we speak, by their DTLS-SRTP numbers (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
public enum SrtpProfile : ushort
{
    /// <summary>SRTP_AES128_CM_HMAC_SHA1_80: AES counter mode and an 80-bit HMAC-SHA1 tag, mandatory for WebRTC (RFC 8827 §6.5).</summary>
    Aes128CmHmacSha1_80 = 0x0001,

    /// <summary>SRTP_AEAD_AES_128_GCM: AES-GCM with a 128-bit tag, what browsers prefer.</summary>
    AeadAes128Gcm = 0x0007,
}

/// <summary>The lengths that follow from a profile, in bytes.</summary>
public static class SrtpProfileLengths
{
    extension(SrtpProfile profile)
    {
        /// <summary>Whether this is a profile we speak; the number may come from the network.</summary>
        public bool IsSupported => profile is SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.AeadAes128Gcm;

        /// <summary>The length of the master key and of the session encryption keys.</summary>
        public int KeyLength => profile.IsSupported ? 16 : 0;

        /// <summary>The length of the master salt and of the session salts: 14 (RFC 3711 §8.2) or 12 (RFC 7714 §12).</summary>
        public int SaltLength => profile == SrtpProfile.AeadAes128Gcm ? 12 : 14;

        /// <summary>The length of the session authentication keys: 20 (RFC 3711 §5.2), or 0 where the cipher authenticates.</summary>
        public int AuthKeyLength => profile == SrtpProfile.AeadAes128Gcm ? 0 : 20;

        /// <summary>The length of the authentication tag of SRTP and of SRTCP.</summary>
        public int TagLength => profile == SrtpProfile.AeadAes128Gcm ? 16 : 10;

        /// <summary>How much to export from DTLS: two master keys and two master salts (RFC 5764 §4.2).</summary>
        public int ExportLength => 2 * (profile.KeyLength + profile.SaltLength);
    }
}
