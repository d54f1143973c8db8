using CsCheck;
using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

public sealed class DtlsFingerprintTests
{
    // The example of RFC 8122 §5 is sha-1, which we refuse; this one is the SHA-256 of three known bytes (FIPS 180-4).
    private const string Abc =
        "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

    [Fact]
    public void Writes_the_SDP_form()
    {
        Assert.Equal(Abc, DtlsFingerprint.Of("abc"u8).ToSdpValue());
        Assert.True(DtlsFingerprint.Of("abc"u8).Matches("abc"u8));
        Assert.False(DtlsFingerprint.Of("abc"u8).Matches("abd"u8));
    }

    [Theory]
    [InlineData(DtlsHash.Sha256)]
    [InlineData(DtlsHash.Sha384)]
    [InlineData(DtlsHash.Sha512)]
    public void Reads_what_it_writes(DtlsHash hash) => Gen.Byte.Array.Sample(certificate =>
    {
        var fingerprint = DtlsFingerprint.Of(certificate, hash);
        return DtlsFingerprint.TryParse(fingerprint.ToSdpValue(), out var read)
            && read.Equals(fingerprint)
            && read.Hash == hash
            && DtlsFingerprint.TryParse(fingerprint.ToSdpValue().ToLowerInvariant(), out var lower)
            && lower.Equals(fingerprint);
    });

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData("sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")]
    [InlineData("sha-256 4A:AD:B9:B1")]
    [InlineData("sha-512 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD")]
    [InlineData("sha-256 BA-78-16-BF-8F-01-CF-EA-41-41-40-DE-5D-AE-22-23-B0-03-61-A3-96-17-7A-9C-B4-10-FF-61-F2-00-15-AD")]
    [InlineData("sha-256 GA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD")]
    public void Refuses_what_is_no_fingerprint(string value) => Assert.False(DtlsFingerprint.TryParse(value, out _));

    [Fact]
    public void Any_text_parses_or_not_but_never_throws() =>
        Gen.String.Sample(text => { _ = DtlsFingerprint.TryParse(text, out _); });
}
