namespace Parley.Media.Srtp;

/// <summary>The one place that chooses who encrypts: libcrypto where it is there and makes what the RFCs print, else the platform.</summary>
public static class SrtpCiphers
{
    private static readonly LibCrypto? Fast =
        LibCrypto.Instance is { } library && SrtpSelfTest.Passes(keys => new EvpGcmSrtpCipher(library, keys), keys => new EvpCmSrtpCipher(library, keys))
            ? library
            : null;

    /// <summary>Whether SRTP is libcrypto's own; else it is .NET's, which is slower.</summary>
    public static bool AreFast => Fast is not null;

    internal static ISrtpCipher ForRtp(SrtpProfile profile, SrtpCipherKeys keys) => (profile, Fast) switch
    {
        (SrtpProfile.AeadAes128Gcm, { } library) => new EvpGcmSrtpCipher(library, keys),
        (SrtpProfile.AeadAes128Gcm, null) => new AesGcmSrtpCipher(keys, authenticateTrailer: false),
        (_, { } library) => new EvpCmSrtpCipher(library, keys),
        _ => new AesCmSrtpCipher(keys),
    };

    /// <summary>SRTCP is rare, and stays with the platform.</summary>
    internal static ISrtpCipher ForRtcp(SrtpProfile profile, SrtpCipherKeys keys) => profile == SrtpProfile.AeadAes128Gcm
        ? new AesGcmSrtpCipher(keys, authenticateTrailer: true)
        : new AesCmSrtpCipher(keys);
}
