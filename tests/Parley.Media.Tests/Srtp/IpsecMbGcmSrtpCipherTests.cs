using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

/// <inheritdoc/>
public sealed class IpsecMbGcmSrtpCipherTests : GcmSrtpCipherTests
{
    private const string Lacks = "There is no libIPSec_MB.so.1 here, or no processor for it.";

    /// <summary>SRTCP: what follows the packet is authenticated, and unencrypted packets are nothing but header.</summary>
    [Fact]
    public void Authenticates_the_trailer_as_the_platforms_cipher_does() => Packets.Sample(packet =>
    {
        Assert.SkipWhen(IpsecMb.Instance is null, Lacks);
        using var platform = new AesGcmSrtpCipher(packet.Keys, authenticateTrailer: true);
        using var cipher = new IpsecMbGcmSrtpCipher(IpsecMb.Instance!, packet.Keys, authenticateTrailer: true);
        foreach (var header in new[] { Math.Min(8, packet.Bytes.Length), packet.Bytes.Length })
        {
            var sealedBytes = packet.Bytes.ToArray();
            var tag = new byte[16];
            platform.Seal(sealedBytes, header, packet.Ssrc, packet.Index, 77, tag);
            var forged = sealedBytes.ToArray();
            Assert.False(cipher.TryOpen(forged, header, packet.Ssrc, packet.Index, 78, tag));
            Assert.True(cipher.TryOpen(sealedBytes, header, packet.Ssrc, packet.Index, 77, tag));
            Assert.Equal(packet.Bytes, sealedBytes);
            var own = new byte[16];
            cipher.Seal(sealedBytes, header, packet.Ssrc, packet.Index, 77, own);
            Assert.Equal(tag, own);
        }
    });

    [Fact]
    public void Streams_of_a_direction_share_the_expanded_key()
    {
        Assert.SkipWhen(IpsecMb.Instance is null, Lacks);
        var keys = new SrtpCipherKeys(new byte[16], [], new byte[12]);
        Assert.Same(keys.Expanded(IpsecMb.Instance!), keys.Expanded(IpsecMb.Instance!));
    }

    private protected override ISrtpCipher Create(SrtpCipherKeys keys)
    {
        Assert.SkipWhen(IpsecMb.Instance is null, Lacks);
        return new IpsecMbGcmSrtpCipher(IpsecMb.Instance!, keys, authenticateTrailer: false);
    }
}
