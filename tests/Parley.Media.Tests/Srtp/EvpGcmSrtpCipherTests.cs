using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

/// <inheritdoc/>
public sealed class EvpGcmSrtpCipherTests : GcmSrtpCipherTests
{
    [Fact]
    public void It_seals_or_opens_not_both()
    {
        using var cipher = Create(new SrtpCipherKeys(new byte[16], [], new byte[12]));
        cipher.Seal(new byte[20], 12, 1, 1, 0, new byte[16]);
        Assert.Throws<InvalidOperationException>(() => cipher.TryOpen(new byte[20], 12, 1, 1, 0, new byte[16]));
    }

    private protected override ISrtpCipher Create(SrtpCipherKeys keys)
    {
        Assert.SkipWhen(LibCrypto.Instance is null, "There is no libcrypto.so.3 here.");
        return new EvpGcmSrtpCipher(LibCrypto.Instance!, keys);
    }
}
