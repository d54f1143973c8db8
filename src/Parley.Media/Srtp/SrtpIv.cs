using System.Buffers.Binary;

namespace Parley.Media.Srtp;

/// <summary>
/// The IVs of both ciphers are the salt XOR the SSRC and the packet index, laid out differently: AES-CM leaves the last two
/// of 16 bytes for the block count (RFC 3711 §4.1.1), AES-GCM has twelve (RFC 7714 §8.1, §9.1). An SRTCP index is a short
/// packet index in either.
/// </summary>
internal static class SrtpIv
{
    public const int CounterModeLength = 16;

    public const int GcmLength = 12;

    /// <param name="salt">14 bytes.</param>
    /// <param name="ssrc">The SSRC.</param>
    /// <param name="index">The 48-bit index.</param>
    /// <param name="iv">16 bytes to write.</param>
    public static void CounterMode(ReadOnlySpan<byte> salt, uint ssrc, long index, Span<byte> iv)
    {
        salt.CopyTo(iv);
        iv[14] = 0;
        iv[15] = 0;
        Xor(iv[4..], ssrc, index);
    }

    /// <param name="salt">12 bytes.</param>
    /// <param name="ssrc">The SSRC.</param>
    /// <param name="index">The 48-bit index.</param>
    /// <param name="iv">12 bytes to write.</param>
    public static void Gcm(ReadOnlySpan<byte> salt, uint ssrc, long index, Span<byte> iv)
    {
        salt.CopyTo(iv);
        Xor(iv[2..], ssrc, index);
    }

    /// <summary>SSRC (4 bytes) and index (6 bytes) onto the ten bytes at the front.</summary>
    private static void Xor(Span<byte> at, uint ssrc, long index)
    {
        var first = ((ulong)ssrc << 32) | (uint)(index >> 16);
        BinaryPrimitives.WriteUInt64BigEndian(at, BinaryPrimitives.ReadUInt64BigEndian(at) ^ first);
        at[8] ^= (byte)(index >> 8);
        at[9] ^= (byte)index;
    }
}
