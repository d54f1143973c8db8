namespace Parley.Media.Srtp;

/// <summary>Whether ciphers make what the RFCs print and take nothing else, asked once before they are given a key that matters.</summary>
internal static class SrtpSelfTest
{
    /// <param name="create">Makes AEAD_AES_128_GCM.</param>
    public static bool PassesGcm(Func<SrtpCipherKeys, ISrtpCipher> create) =>
        // RFC 7714 §16.1.1: a packet of "Gallia est omnis divisa in partes tres" under the salt "Quid pro quo".
        Makes(
            () => create(new SrtpCipherKeys(Hex("000102030405060708090a0b0c0d0e0f"), [], Hex("517569642070726f2071756f"))),
            "8040f17b8041f8d35501a0b2" + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573",
            "8040f17b8041f8d35501a0b2" + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833",
            "899d7f27beb16a9152cf765ee4390cce",
            12,
            0x5501a0b2,
            0xf17b,
            0);

    /// <param name="create">Makes AES_CM_128_HMAC_SHA1_80.</param>
    public static bool PassesCounterMode(Func<SrtpCipherKeys, ISrtpCipher> create) =>
        // RFC 3711 §B.2: the keystream is what zeros become. Its tag under a key of zeros is no RFC's.
        Makes(
            () => create(new SrtpCipherKeys(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), new byte[20], Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"))),
            new string('0', 96),
            "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0",
            null,
            0,
            0,
            0,
            0)

        // RFC 2202 §3, case 1: "Hi T" as a packet of nothing but its header, and "here" as what follows it.
        && Makes(
            () => create(new SrtpCipherKeys(new byte[16], Hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), new byte[14])),
            "48692054",
            "48692054",
            "b617318655057264e28b",
            4,
            0,
            0,
            0x68657265);

    private static bool Makes(
        Func<ISrtpCipher> create, string clear, string sealedText, string? sealedTag, int headerLength, uint ssrc, long index, uint trailer)
    {
        using var sealing = create();
        using var opening = create();
        var packet = Hex(clear);
        var tag = new byte[sealing.TagLength];
        sealing.Seal(packet, headerLength, ssrc, index, trailer, tag);
        if (!packet.AsSpan().SequenceEqual(Hex(sealedText)) || (sealedTag is not null && !tag.AsSpan().SequenceEqual(Hex(sealedTag)))) return false;

        var forged = packet.ToArray();
        tag[^1] ^= 1;
        if (opening.TryOpen(forged, headerLength, ssrc, index, trailer, tag)) return false;
        tag[^1] ^= 1;
        return opening.TryOpen(packet, headerLength, ssrc, index, trailer, tag) && packet.AsSpan().SequenceEqual(Hex(clear));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
