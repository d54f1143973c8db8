using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtpSelfTestTests
{
    [Fact]
    public void The_platforms_ciphers_pass() => Assert.True(SrtpSelfTest.Passes(Gcm, CounterMode));

    [Fact]
    public void Libcrypto_is_taken_where_it_is() => Assert.Equal(LibCrypto.Instance is not null, SrtpCiphers.AreFast);

    /// <summary>The wrong index, the wrong length of the header, the tag of something else, and one that believes everything.</summary>
    [Theory]
    [InlineData(1, 0, 0, false)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 0, 1, false)]
    [InlineData(0, 0, 0, true)]
    public void One_that_is_wrong_in_anything_fails(int index, int header, byte tag, bool isCredulous)
    {
        Assert.False(SrtpSelfTest.Passes(keys => new Wrong(Gcm(keys), index, header, tag, isCredulous), CounterMode));
        Assert.False(SrtpSelfTest.Passes(Gcm, keys => new Wrong(CounterMode(keys), index, header, tag, isCredulous)));
    }

    private static AesGcmSrtpCipher Gcm(SrtpCipherKeys keys) => new(keys, authenticateTrailer: false);

    private static AesCmSrtpCipher CounterMode(SrtpCipherKeys keys) => new(keys);

    private sealed class Wrong(ISrtpCipher right, int index, int header, byte tag, bool isCredulous) : ISrtpCipher
    {
        public int TagLength => right.TagLength;

        public void Seal(Span<byte> packet, int headerLength, uint ssrc, long packetIndex, uint trailer, Span<byte> made)
        {
            right.Seal(packet, Math.Max(0, headerLength - header), ssrc, packetIndex + index, trailer, made);
            made[0] ^= tag;
        }

        public bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long packetIndex, uint trailer, ReadOnlySpan<byte> made) =>
            right.TryOpen(packet, headerLength, ssrc, packetIndex, trailer, made) || isCredulous;

        public void Dispose() => right.Dispose();
    }
}
