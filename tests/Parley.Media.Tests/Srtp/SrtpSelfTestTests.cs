using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtpSelfTestTests
{
    [Fact]
    public void The_platforms_ciphers_pass() => Assert.True(SrtpSelfTest.PassesGcm(Gcm) && SrtpSelfTest.PassesCounterMode(CounterMode));

    [Fact]
    public void The_fastest_there_is_is_taken()
    {
        var crypto = LibCrypto.Instance is null ? ".NET" : "libcrypto";
        Assert.Equal(crypto, SrtpCiphers.CounterMode);
        Assert.Equal(IpsecMb.Instance is null ? crypto : "intel-ipsec-mb", SrtpCiphers.Gcm);
    }

    /// <summary>The wrong index, the wrong length of the header, the tag of something else, and one that believes everything.</summary>
    [Theory]
    [InlineData(1, 0, 0, false)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 0, 1, false)]
    [InlineData(0, 0, 0, true)]
    public void One_that_is_wrong_in_anything_fails(int index, int header, byte tag, bool isCredulous)
    {
        Assert.False(SrtpSelfTest.PassesGcm(keys => new Wrong(Gcm(keys), index, header, tag, isCredulous)));
        Assert.False(SrtpSelfTest.PassesCounterMode(keys => new Wrong(CounterMode(keys), index, header, tag, isCredulous)));
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
