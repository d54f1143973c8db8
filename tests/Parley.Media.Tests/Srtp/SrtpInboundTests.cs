using CsCheck;
using Parley.Media.Srtp;
using static Parley.Media.Tests.Srtp.SrtpVectors;

namespace Parley.Media.Tests.Srtp;

public sealed class SrtpInboundTests
{
    private static readonly Gen<SrtpProfile> AnyProfile = Gen.Enum<SrtpProfile>();

    [Fact]
    public void What_is_protected_is_unprotected_again() => Gen.Select(
            AnyProfile, Gen.Int[0, 15], Gen.Int[-1, 10], Gen.Int[0, 2100], Gen.UInt, Gen.UShort)
        .Sample((profile, csrcs, extensionWords, payload, ssrc, sequence) =>
        {
            var rtp = RtpOf(ssrc, sequence, (csrcs * 4) + (extensionWords < 0 ? 0 : 4 + (extensionWords * 4)) + payload);
            rtp[0] |= (byte)csrcs;
            var header = 12 + (csrcs * 4);
            if (extensionWords >= 0)
            {
                rtp[0] |= 0x10;
                rtp[header + 2] = 0;
                rtp[header + 3] = (byte)extensionWords;
                header += 4 + (extensionWords * 4);
            }

            using var outbound = new SrtpOutboundStream(Keys(profile));
            using var inbound = new SrtpInbound(Keys(profile));
            var packet = Protect(outbound, rtp, sequence);

            Assert.Equal(rtp.Length + profile.TagLength, packet.Length);
            Assert.Equal(rtp[..header], packet[..header]);
            Assert.True(payload < 16 || !rtp.AsSpan(header).SequenceEqual(packet.AsSpan(header, payload)));
            Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out var length, out var index));
            Assert.Equal(rtp, packet[..length]);
            Assert.Equal(sequence, index);
        });

    [Fact]
    public void Indexes_survive_loss_and_reordering_across_rollovers() => Gen.Select(
            AnyProfile, Gen.Int[0, 32767], Gen.Int[1, 9000].Array[5, 60], Gen.Int[0, 200].Array[60])
        .Sample((profile, first, steps, delays) =>
        {
            using var outbound = new SrtpOutboundStream(Keys(profile));
            using var inbound = new SrtpInbound(Keys(profile));
            var arrivals = new List<(long Arrival, long Index)>();
            long at = first;
            for (var i = 0; i < steps.Length; i++)
            {
                // Three in a row, each held back by up to 200 packets' time.
                for (var k = 0; k < 3; k++)
                {
                    arrivals.Add((at + k + (i == 0 ? 0 : delays[(i + k) % delays.Length]), at + k));
                }

                at += steps[i] + 3;
            }

            foreach (var (_, index) in arrivals.OrderBy(a => a.Arrival))
            {
                var packet = Protect(outbound, RtpOf(5, (ushort)index, 20), index);
                Assert.Equal(SrtpUnprotectResult.Ok, inbound.TryUnprotect(packet, out _, out var received));
                Assert.Equal(index, received);
            }
        });

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void Drops_a_replayed_packet(SrtpProfile profile)
    {
        using var outbound = new SrtpOutboundStream(Keys(profile));
        using var inbound = new SrtpInbound(Keys(profile));
        var packets = Enumerable.Range(100, 50).Select(i => Protect(outbound, RtpOf(1, (ushort)i, 30), i)).ToList();

        Assert.All(packets, packet => Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, packet)));
        Assert.All(packets, packet => Assert.Equal(SrtpUnprotectResult.Replayed, Unprotect(inbound, packet)));
    }

    [Fact]
    public void Drops_what_lies_before_the_window()
    {
        using var outbound = new SrtpOutboundStream(Keys(SrtpProfile.AeadAes128Gcm));
        using var inbound = new SrtpInbound(Keys(SrtpProfile.AeadAes128Gcm));
        byte[] Packet(long index) => Protect(outbound, RtpOf(1, (ushort)index, 30), index);

        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Packet(2000)));
        Assert.Equal(SrtpUnprotectResult.TooOld, Unprotect(inbound, Packet(2000 - ReplayWindow.Length)));
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Packet(2001 - ReplayWindow.Length)));
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Packet(1999)));
    }

    [Fact]
    public void Drops_what_would_lie_before_the_start_of_the_stream()
    {
        using var outbound = new SrtpOutboundStream(Keys(SrtpProfile.AeadAes128Gcm));
        using var inbound = new SrtpInbound(Keys(SrtpProfile.AeadAes128Gcm));

        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Protect(outbound, RtpOf(1, 10, 30), 10)));
        Assert.Equal(SrtpUnprotectResult.TooOld, Unprotect(inbound, Protect(outbound, RtpOf(1, 65000, 30), 65000)));
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void A_flipped_bit_anywhere_fails_and_leaves_no_state(SrtpProfile profile)
    {
        using var outbound = new SrtpOutboundStream(Keys(profile));
        using var inbound = new SrtpInbound(Keys(profile));
        var rtp = RtpOf(0x01020304, 7, 20);
        rtp[0] |= 0x10;
        rtp[14] = 0;
        rtp[15] = 1;
        var packet = Protect(outbound, rtp, 7);

        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var damaged = packet.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var result = inbound.TryUnprotect(damaged, out var length, out var index);
            Assert.True(result is SrtpUnprotectResult.AuthenticationFailed or SrtpUnprotectResult.Malformed, $"{bit}: {result}");
            Assert.Equal((0, 0), (length, index));
            Assert.Equal(0, inbound.StreamCount);
        }

        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, packet));
        Assert.Equal(1, inbound.StreamCount);
    }

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void A_flood_of_forged_packets_neither_fills_the_table_nor_moves_a_window(SrtpProfile profile)
    {
        using var outbound = new SrtpOutboundStream(Keys(profile));
        using var forger = new SrtpOutboundStream(Keys(profile, seed: 2));
        using var inbound = new SrtpInbound(Keys(profile), maxStreams: 2);
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Protect(outbound, RtpOf(1, 1, 30), 1)));

        for (uint ssrc = 1; ssrc <= 200; ssrc++)
        {
            var forged = Protect(forger, RtpOf(ssrc, (ushort)(ssrc + 20000), 30), ssrc + 20000);
            Assert.Equal(SrtpUnprotectResult.AuthenticationFailed, Unprotect(inbound, forged));
        }

        Assert.Equal(1, inbound.StreamCount);
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Protect(outbound, RtpOf(1, 2, 30), 2)));
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Protect(outbound, RtpOf(2, 1, 30), 1)));
        Assert.Equal(SrtpUnprotectResult.TooManyStreams, Unprotect(inbound, Protect(outbound, RtpOf(3, 1, 30), 1)));
        Assert.Equal(2, inbound.StreamCount);
        Assert.Equal(SrtpUnprotectResult.Ok, Unprotect(inbound, Protect(outbound, RtpOf(2, 2, 30), 2)));
    }

    [Fact]
    public void No_bytes_make_unprotecting_throw() => Gen.Select(AnyProfile, Gen.Byte.Array[0, 100]).Sample((profile, bytes) =>
    {
        using var rtp = new SrtpInbound(Keys(profile));
        using var rtcp = new SrtcpInbound(Keys(profile));
        foreach (var first in new[] { bytes.Length > 0 ? bytes[0] : (byte)0, (byte)0x80, (byte)0x9F })
        {
            if (bytes.Length > 0)
            {
                bytes[0] = first;
            }

            Assert.NotEqual(SrtpUnprotectResult.Ok, Unprotect(rtp, bytes));
            Assert.NotEqual(SrtpUnprotectResult.Ok, rtcp.TryUnprotect(bytes.ToArray(), out _));
        }
    });

    [Theory]
    [MemberData(nameof(SrtpVectors.Profiles), MemberType = typeof(SrtpVectors))]
    public void The_other_directions_keys_do_not_open_it(SrtpProfile profile)
    {
        using var outbound = new SrtpOutboundStream(Keys(profile, seed: 1));
        using var inbound = new SrtpInbound(Keys(profile, seed: 3));
        Assert.Equal(SrtpUnprotectResult.AuthenticationFailed, Unprotect(inbound, Protect(outbound, RtpOf(1, 1, 30), 1)));
    }

    private static SrtpUnprotectResult Unprotect(SrtpInbound inbound, byte[] packet) =>
        inbound.TryUnprotect(packet.ToArray(), out _, out _);
}
