using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

/// <summary>The vectors of libsrtp go through it as well, wherever it is (<see cref="SrtpVectorTests"/>).</summary>
public sealed class EvpCmSrtpCipherTests
{
    private const int TagLength = 10;

    private static readonly Gen<Packet> Packets = Gen.Select(
        Gen.Byte.Array[50], Gen.Byte.Array[4, 1_500], Gen.Int[0, 60], Gen.UInt, Gen.Long[0, (1L << 48) - 1], Gen.UInt,
        (key, bytes, header, ssrc, index, trailer) => new Packet(key, bytes, Math.Min(header, bytes.Length), ssrc, index, trailer));

    [Fact]
    public void Seals_and_opens_as_the_platforms_cipher_does() => Packets.Array[1, 4].Sample(packets =>
    {
        // Several with one context, as streams have them; and one instance may do both.
        var keys = packets[0].Keys;
        using var platform = new AesCmSrtpCipher(keys);
        using var cipher = Create(keys);
        foreach (var packet in packets)
        {
            var (expected, actual) = (packet.Bytes.ToArray(), packet.Bytes.ToArray());
            var (expectedTag, tag) = (new byte[TagLength], new byte[TagLength]);
            platform.Seal(expected, packet.Header, packet.Ssrc, packet.Index, packet.Trailer, expectedTag);
            cipher.Seal(actual, packet.Header, packet.Ssrc, packet.Index, packet.Trailer, tag);
            Assert.Equal(expected, actual);
            Assert.Equal(expectedTag, tag);
            Assert.False(cipher.TryOpen(actual, packet.Header, packet.Ssrc, packet.Index, packet.Trailer ^ 1, tag));
            Assert.False(cipher.TryOpen(actual, packet.Header, packet.Ssrc, packet.Index, packet.Trailer, tag.AsSpan(1)));
            Assert.True(cipher.TryOpen(actual, packet.Header, packet.Ssrc, packet.Index, packet.Trailer, tag));
            Assert.Equal(packet.Bytes, actual);
        }
    });

    [Fact]
    public void One_wrong_bit_anywhere_is_refused_and_the_next_packet_is_not() => Gen.Select(Packets, Gen.Int[0, 100_000]).Sample((packet, place) =>
    {
        using var cipher = Create(packet.Keys);
        var whole = new byte[packet.Bytes.Length + TagLength];
        packet.Bytes.CopyTo(whole, 0);
        cipher.Seal(whole.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, packet.Trailer, whole.AsSpan(^TagLength..));
        var wrong = whole.ToArray();
        wrong[place % whole.Length] ^= (byte)(1 << (place % 8));
        Assert.False(cipher.TryOpen(wrong.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, packet.Trailer, wrong.AsSpan(^TagLength..)));
        Assert.True(cipher.TryOpen(whole.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, packet.Trailer, whole.AsSpan(^TagLength..)));
        Assert.Equal(packet.Bytes, whole[..^TagLength]);
    });

    [Fact]
    public void A_packet_allocates_nothing_not_even_a_forged_one()
    {
        using var cipher = Create(new SrtpCipherKeys(new byte[16], new byte[20], new byte[14]));
        var (packet, tag) = (new byte[1_200], new byte[TagLength]);
        Exchange(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 100; i++) Exchange(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Exchange(long index)
        {
            cipher.Seal(packet, 12, 1, index, 0, tag);
            Assert.True(cipher.TryOpen(packet, 12, 1, index, 0, tag));
            Assert.False(cipher.TryOpen(packet, 12, 1, index, 0, tag));
        }
    }

    [Fact]
    public void Misuse_of_ours_is_thrown_before_anything_is_sent()
    {
        var cipher = Create(new SrtpCipherKeys(new byte[16], new byte[20], new byte[14]));
        Assert.ThrowsAny<ArgumentException>(() => cipher.Seal(new byte[20], 12, 1, 1, 0, new byte[9]));
        cipher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cipher.Seal(new byte[20], 12, 1, 1, 0, new byte[TagLength]));
    }

    private static EvpCmSrtpCipher Create(SrtpCipherKeys keys)
    {
        Assert.SkipWhen(LibCrypto.Instance is null, "There is no libcrypto.so.3 here.");
        return new EvpCmSrtpCipher(LibCrypto.Instance!, keys);
    }

    /// <summary>16 bytes of key, 20 to authenticate, 14 of salt.</summary>
    private sealed record Packet(byte[] Key, byte[] Bytes, int Header, uint Ssrc, long Index, uint Trailer)
    {
        public SrtpCipherKeys Keys => new(Key[..16], Key[16..36], Key[36..]);
    }
}
