using Parley.Media.Srtp;
using static Parley.Media.Tests.Srtp.SrtpVectors;

namespace Parley.Media.Tests.Srtp;

/// <summary>Whole packets: RFC 7714 §16.1 and §17.1, §17.3, and packets that libsrtp makes of a given master key.</summary>
public sealed class SrtpVectorTests
{
    private const string Rtp7714 = """
        8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573
        """;

    private const string Srtp7714 = """
        8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf
        8833899d 7f27beb1 6a9152cf 765ee439 0cce
        """;

    private const string Rtcp7714 = """
        81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef
        """;

    private const string Srtcp7714 = """
        81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded
        0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4
        """;

    private const string SrtcpTagged7714 = """
        81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef
        841dd968 3dd78ec9 2ae58790 125f62b3 000005d4
        """;

    private const string RtpAb = "800f1234 decafbad cafebabe abababab abababab abababab abababab";
    private const string RtcpAb = "81c8000b cafebabe abababab abababab abababab abababab";

    private static SrtpSessionKeys Session7714
    {
        get
        {
            var keys = new SrtpCipherKeys(Hex("000102030405060708090a0b0c0d0e0f"), [], Hex("517569642070726f2071756f"));
            return new SrtpSessionKeys(SrtpProfile.AeadAes128Gcm, keys, keys);
        }
    }

    private static SrtpSessionKeys GcmMaster => new(new SrtpMasterKey(
        SrtpProfile.AeadAes128Gcm, Hex("000102030405060708090a0b0c0d0e0f"), Hex("a0a1a2a3a4a5a6a7a8a9aaab")));

    [Fact]
    public void Gcm_protects_the_packet_of_RFC_7714_16_1() =>
        AssertRtp(Session7714, Rtp7714, Srtp7714, PacketIndex.From(0, 0xf17b));

    [Fact]
    public void Gcm_protects_the_packet_of_RFC_7714_17_1() => AssertRtcp(Session7714, Rtcp7714, Srtcp7714, 0x5d4);

    [Fact]
    public void Gcm_accepts_the_tagged_only_packet_of_RFC_7714_17_3()
    {
        using var inbound = new SrtcpInbound(Session7714);
        var packet = Hex(SrtcpTagged7714);

        Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out var length));
        Assert.Equal(Hex(Rtcp7714), packet[..length]);

        packet = Hex(SrtcpTagged7714);
        packet[20] ^= 1;
        using var other = new SrtcpInbound(Session7714);
        Assert.Equal(SrtpUnprotectResult.AuthenticationFailed, other.TryUnprotect(packet, out _));
    }

    [Fact]
    public void Counter_mode_protects_RTP_as_libsrtp_does() => AssertRtp(
        new SrtpSessionKeys(AppendixB3),
        RtpAb,
        "800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb",
        0x1234);

    [Fact]
    public void Counter_mode_protects_RTCP_as_libsrtp_does() => AssertRtcp(
        new SrtpSessionKeys(AppendixB3),
        RtcpAb,
        "81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001 993e08cd 54d6c123 0798",
        1);

    [Fact]
    public void Gcm_protects_RTP_as_libsrtp_does() => AssertRtp(
        GcmMaster,
        RtpAb,
        "800f1234 decafbad cafebabe c5002ede 04cfdd2e b91159e0 880aa06e d2976826 f796b201 df3131a1 27e8a392",
        0x1234);

    [Fact]
    public void Gcm_protects_RTCP_as_libsrtp_does() => AssertRtcp(
        GcmMaster,
        RtcpAb,
        "81c8000b cafebabe c98b8b5d f0392a55 852b6c21 ac8e7025 c52c6fbe a2b3b446 ea31123b a88ce61e 80000001",
        1);

    private static void AssertRtp(SrtpSessionKeys keys, string clear, string expected, long index)
    {
        using var outbound = new SrtpOutboundStream(keys);
        using var inbound = new SrtpInbound(keys);
        var packet = Protect(outbound, Hex(clear), index);

        Assert.Equal(Hex(expected), packet);
        Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out var length, out var received));
        Assert.Equal(Hex(clear), packet[..length]);
        Assert.Equal(index, received);
    }

    private static void AssertRtcp(SrtpSessionKeys keys, string clear, string expected, uint index)
    {
        using var outbound = new SrtcpOutbound(keys, index);
        using var inbound = new SrtcpInbound(keys);
        var packet = Protect(outbound, Hex(clear));

        Assert.Equal(Hex(expected), packet);
        Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out var length));
        Assert.Equal(Hex(clear), packet[..length]);
    }
}
