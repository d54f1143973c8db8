using CsCheck;
using Parley.Media.Srtp;
using static Parley.Media.Tests.Srtp.SrtpVectors;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtcpTests
{
    private static readonly Gen<SrtpProfile> AnyProfile = Gen.Enum<SrtpProfile>();

    [Fact]
    public void What_is_protected_is_unprotected_again() =>
        Gen.Select(AnyProfile, Gen.Int[8, 1400], Gen.UInt, Gen.UInt[0, int.MaxValue]).Sample((profile, length, ssrc, index) =>
        {
            using var outbound = new SrtcpOutbound(Keys(profile), index);
            using var inbound = new SrtcpInbound(Keys(profile));
            var rtcp = RtcpOf(ssrc, length);
            var packet = Protect(outbound, rtcp);

            Assert.Equal(length + profile.TagLength + 4, packet.Length);
            Assert.Equal(rtcp[..8], packet[..8]);
            Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out var received));
            Assert.Equal(rtcp, packet[..received]);
        });

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void The_index_counts_from_zero_and_a_replay_is_dropped(SrtpProfile profile)
    {
        using var outbound = new SrtcpOutbound(Keys(profile));
        using var inbound = new SrtcpInbound(Keys(profile));
        var packets = Enumerable.Range(0, 10).Select(_ => Protect(outbound, RtcpOf(1, 40))).ToList();
        var trailerAt = profile == SrtpProfile.AeadAes128Gcm ? 40 + 16 : 40;

        for (var i = 9; i >= 0; i--)
        {
            Assert.Equal([0x80, 0, 0, (byte)i], packets[i][trailerAt..(trailerAt + 4)]);
            Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packets[i].ToArray(), out _));
            Assert.Equal(SrtpUnprotectResult.Replayed, inbound.TryUnprotect(packets[i].ToArray(), out _));
        }
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void A_flipped_bit_anywhere_fails_and_leaves_no_state(SrtpProfile profile)
    {
        using var outbound = new SrtcpOutbound(Keys(profile));
        using var inbound = new SrtcpInbound(Keys(profile));
        var packet = Protect(outbound, RtcpOf(0x01020304, 28));

        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var damaged = packet.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var result = inbound.TryUnprotect(damaged, out var length);
            Assert.True(result is SrtpUnprotectResult.AuthenticationFailed or SrtpUnprotectResult.Malformed, $"{bit}: {result}");
            Assert.Equal(0, length);
        }

        Assert.Equal(0, inbound.StreamCount);
        Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void The_table_of_senders_is_bounded(SrtpProfile profile)
    {
        using var outbound = new SrtcpOutbound(Keys(profile));
        using var inbound = new SrtcpInbound(Keys(profile), maxStreams: 3);
        for (uint ssrc = 0; ssrc < 10; ssrc++)
        {
            var expected = ssrc < 3 ? SrtpUnprotectResult.Ok : SrtpUnprotectResult.TooManyStreams;
            Assert.Equal(expected, inbound.TryUnprotect(Protect(outbound, RtcpOf(ssrc, 20)), out _));
        }

        Assert.Equal(3, inbound.StreamCount);
    }

    [Fact]
    public void An_unencrypted_packet_longer_than_any_datagram_of_ours_is_refused()
    {
        using var inbound = new SrtcpInbound(Keys(SrtpProfile.AeadAes128Gcm));
        Assert.Equal(SrtpUnprotectResult.AuthenticationFailed, inbound.TryUnprotect(RtcpOf(1, 60000), out _));
    }

    [Fact]
    public void The_last_index_is_used_and_no_more()
    {
        using var outbound = new SrtcpOutbound(Keys(SrtpProfile.AeadAes128Gcm), SrtcpTrailer.MaxIndex);
        using var inbound = new SrtcpInbound(Keys(SrtpProfile.AeadAes128Gcm));
        Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(Protect(outbound, RtcpOf(1, 20)), out _));
        Assert.Throws<InvalidOperationException>(() => Protect(outbound, RtcpOf(1, 20)));
    }

    [Fact]
    public void Our_own_mistakes_are_refused()
    {
        using var outbound = new SrtcpOutbound(Keys(SrtpProfile.AeadAes128Gcm));
        Assert.Throws<ArgumentException>(() => outbound.Protect(RtcpOf(1, 30), 20));
        Assert.Throws<ArgumentException>(() => outbound.Protect(new byte[100], 20));
        Assert.Throws<ArgumentException>(() => outbound.Protect(RtcpOf(1, 100), 4));
    }
}
