namespace Parley.Media.Stun;

/// <summary>The value of FINGERPRINT (RFC 8489 §14.7): CRC-32 of ISO 3309, XORed so that it differs from another protocol's.</summary>
internal static class StunFingerprint
{
    private const uint Xor = 0x5354554E;

    private static readonly uint[] Table = MakeTable();

    /// <param name="message">The message up to FINGERPRINT, its header's length already counting that attribute.</param>
    public static uint Compute(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var octet in message)
        {
            crc = Table[(byte)(crc ^ octet)] ^ (crc >> 8);
        }

        return ~crc ^ Xor;
    }

    private static uint[] MakeTable()
    {
        const uint ReversedPolynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReversedPolynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
