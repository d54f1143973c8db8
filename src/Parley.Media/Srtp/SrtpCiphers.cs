namespace Parley.Media.Srtp;

/// <summary>
/// The one place that chooses who encrypts: of what is there and makes what the RFCs print, the fastest. For AES-GCM that is
/// intel-ipsec-mb, then libcrypto, then the platform.
/// </summary>
public static class SrtpCiphers
{
    private static readonly IpsecMb? MultiBuffer =
        IpsecMb.Instance is { } library && SrtpSelfTest.PassesGcm(keys => new IpsecMbGcmSrtpCipher(library, keys, authenticateTrailer: false)) ? library : null;

    private static readonly LibCrypto? Crypto =
        LibCrypto.Instance is { } library
        && SrtpSelfTest.PassesGcm(keys => new EvpGcmSrtpCipher(library, keys)) && SrtpSelfTest.PassesCounterMode(keys => new EvpCmSrtpCipher(library, keys))
            ? library
            : null;

    /// <summary>Whose AEAD_AES_128_GCM it is.</summary>
    public static string Gcm => MultiBuffer is not null ? "intel-ipsec-mb" : CounterMode;

    /// <summary>Whose AES_CM_128_HMAC_SHA1_80 it is.</summary>
    public static string CounterMode => Crypto is not null ? "libcrypto" : ".NET";

    internal static ISrtpCipher ForRtp(SrtpProfile profile, SrtpCipherKeys keys) => (profile, MultiBuffer, Crypto) switch
    {
        (SrtpProfile.AeadAes128Gcm, { } library, _) => new IpsecMbGcmSrtpCipher(library, keys, authenticateTrailer: false),
        (SrtpProfile.AeadAes128Gcm, _, { } library) => new EvpGcmSrtpCipher(library, keys),
        (SrtpProfile.AeadAes128Gcm, _, _) => new AesGcmSrtpCipher(keys, authenticateTrailer: false),
        (_, _, { } library) => new EvpCmSrtpCipher(library, keys),
        _ => new AesCmSrtpCipher(keys),
    };

    /// <summary>SRTCP is rarer, and stays with the platform where it would need another call for its trailer.</summary>
    internal static ISrtpCipher ForRtcp(SrtpProfile profile, SrtpCipherKeys keys) => (profile, MultiBuffer) switch
    {
        (SrtpProfile.AeadAes128Gcm, { } library) => new IpsecMbGcmSrtpCipher(library, keys, authenticateTrailer: true),
        (SrtpProfile.AeadAes128Gcm, _) => new AesGcmSrtpCipher(keys, authenticateTrailer: true),
        _ => new AesCmSrtpCipher(keys),
    };
}
