using Parley.Media.Srtp;

namespace Parley.Micro;

/// <summary>Protecting a full packet, 50 keys in turn as one frame of 50 viewers has them.</summary>
internal static class SrtpCosts
{
    private const int Keys = 50, Packets = 4_000, Length = 1_200, HeaderLength = 20;

    public static void Print()
    {
        var gcm = Enumerable.Range(0, Keys).Select(i => KeysOf(i, 12, 0)).ToArray();
        var ways = new List<(string, Action)> { ("AesGcm of the platform", Seal(gcm, keys => new AesGcmSrtpCipher(keys, authenticateTrailer: false))) };
        if (LibCrypto.Instance is { } library) ways.Add(("libcrypto, context kept", Seal(gcm, keys => new EvpGcmSrtpCipher(library, keys))));
        if (IpsecMb.Instance is { } multi) ways.Add(("intel-ipsec-mb, one call", Seal(gcm, keys => new IpsecMbGcmSrtpCipher(multi, keys, authenticateTrailer: false))));
        Race.Print($"AEAD_AES_128_GCM, {Length} bytes", Packets, [.. ways]);

        var cm = Enumerable.Range(0, Keys).Select(i => KeysOf(i, 14, 20)).ToArray();
        ways = [("AES and HMAC of the platform", Seal(cm, keys => new AesCmSrtpCipher(keys)))];
        if (LibCrypto.Instance is { } same) ways.Add(("libcrypto, context and HMAC states kept", Seal(cm, keys => new EvpCmSrtpCipher(same, keys))));
        Race.Print($"AES_CM_128_HMAC_SHA1_80, {Length} bytes", Packets, [.. ways]);
    }

    private static SrtpCipherKeys KeysOf(int seed, int salt, int auth)
    {
        var random = new Random(seed);
        byte[][] parts = [new byte[16], new byte[auth], new byte[salt]];
        foreach (var part in parts) random.NextBytes(part);
        return new SrtpCipherKeys(parts[0], parts[1], parts[2]);
    }

    private static Action Seal(SrtpCipherKeys[] keys, Func<SrtpCipherKeys, ISrtpCipher> create)
    {
        var ciphers = keys.Select(create).ToArray();
        var packet = new byte[Length];
        var tag = new byte[ciphers[0].TagLength];
        var index = 0;
        return () =>
        {
            for (var i = 0; i < Packets; i++, index++) ciphers[i % Keys].Seal(packet, HeaderLength, 1, index, 0, tag);
        };
    }
}
