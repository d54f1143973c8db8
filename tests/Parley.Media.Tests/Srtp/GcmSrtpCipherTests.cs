using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

/// <summary>The ciphers that are faster than the platform's, against it. The vectors of RFC 7714 go through the one that is taken (<see cref="SrtpVectorTests"/>).</summary>
public abstract class GcmSrtpCipherTests
{
    private const int TagLength = 16;

    private protected static readonly Gen<Packet> Packets = Gen.Select(
        Gen.Byte.Array[16], Gen.Byte.Array[12], Gen.Byte.Array[12, 1_500], Gen.Int[12, 60], Gen.UInt, Gen.Long[0, (1L << 48) - 1],
        (key, salt, bytes, header, ssrc, index) => new Packet(key, salt, bytes, Math.Min(header, bytes.Length), ssrc, index));

    [Fact]
    public void Seals_and_opens_as_the_platforms_cipher_does() => Packets.Array[1, 4].Sample(packets =>
    {
        // Several with one context, as streams have them.
        var keys = packets[0].Keys;
        using var platform = new AesGcmSrtpCipher(keys, authenticateTrailer: false);
        using var sealing = Create(keys);
        using var opening = Create(keys);
        foreach (var packet in packets)
        {
            var (expected, actual) = (packet.Bytes.ToArray(), packet.Bytes.ToArray());
            var (expectedTag, tag) = (new byte[TagLength], new byte[TagLength]);
            platform.Seal(expected, packet.Header, packet.Ssrc, packet.Index, 0, expectedTag);
            sealing.Seal(actual, packet.Header, packet.Ssrc, packet.Index, 0, tag);
            Assert.Equal(expected, actual);
            Assert.Equal(expectedTag, tag);
            Assert.True(opening.TryOpen(actual, packet.Header, packet.Ssrc, packet.Index, 0, tag));
            Assert.Equal(packet.Bytes, actual);
        }
    });

    [Fact]
    public void One_wrong_bit_anywhere_is_refused_and_the_next_packet_is_not() => Gen.Select(Packets, Gen.Int[0, 100_000]).Sample((packet, place) =>
    {
        using var sealing = Create(packet.Keys);
        using var opening = Create(packet.Keys);
        var whole = new byte[packet.Bytes.Length + TagLength];
        packet.Bytes.CopyTo(whole, 0);
        sealing.Seal(whole.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, 0, whole.AsSpan(^TagLength..));
        var wrong = whole.ToArray();
        wrong[place % whole.Length] ^= (byte)(1 << (place % 8));
        Assert.False(opening.TryOpen(wrong.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, 0, wrong.AsSpan(^TagLength..)));
        var other = whole.ToArray();
        Assert.False(opening.TryOpen(other.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index ^ 1, 0, other.AsSpan(^TagLength..)));
        Assert.True(opening.TryOpen(whole.AsSpan(..^TagLength), packet.Header, packet.Ssrc, packet.Index, 0, whole.AsSpan(^TagLength..)));
        Assert.Equal(packet.Bytes, whole[..^TagLength]);
    });

    [Fact]
    public void A_packet_allocates_nothing_not_even_a_forged_one()
    {
        var keys = new SrtpCipherKeys(new byte[16], [], new byte[12]);
        using var sealing = Create(keys);
        using var opening = Create(keys);
        var (packet, tag) = (new byte[1_200], new byte[TagLength]);
        Exchange(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 100; i++) Exchange(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Exchange(long index)
        {
            sealing.Seal(packet, 12, 1, index, 0, tag);
            Assert.True(opening.TryOpen(packet, 12, 1, index, 0, tag));
            Assert.False(opening.TryOpen(packet, 12, 1, index, 0, tag));
        }
    }

    [Fact]
    public void Misuse_of_ours_is_thrown_before_anything_is_sent()
    {
        var cipher = Create(new SrtpCipherKeys(new byte[16], [], new byte[12]));
        Assert.Throws<ArgumentException>(() => cipher.Seal(new byte[20], 12, 1, 1, 0, new byte[15]));
        cipher.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cipher.Seal(new byte[20], 12, 1, 1, 0, new byte[TagLength]));
    }

    private protected abstract ISrtpCipher Create(SrtpCipherKeys keys);

    private protected sealed record Packet(byte[] Key, byte[] Salt, byte[] Bytes, int Header, uint Ssrc, long Index)
    {
        public SrtpCipherKeys Keys => new(Key, [], Salt);
    }
}
