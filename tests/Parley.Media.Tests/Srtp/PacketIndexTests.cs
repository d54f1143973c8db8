using CsCheck;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Srtp;

public sealed class PacketIndexTests
{
    [Fact]
    public void The_estimate_is_right_within_half_the_sequence_numbers() =>
        Gen.Select(Gen.Long[1 << 16, (1L << 47) - 1], Gen.Int[-32767, 32767]).Sample((highest, distance) =>
            Assert.Equal(highest + distance, PacketIndex.Estimate(highest, (ushort)(highest + distance))));

    [Fact]
    public void The_first_packet_has_roll_over_counter_zero()
    {
        Assert.Equal(65535, PacketIndex.Estimate(-1, 65535));
        Assert.Equal(0, PacketIndex.Estimate(-1, 0));
    }

    [Fact]
    public void A_packet_before_the_start_is_negative() => Assert.True(PacketIndex.Estimate(3, 65000) < 0);

    [Fact]
    public void An_index_has_its_parts()
    {
        Assert.Equal(0x1234_5678_9ABC, PacketIndex.From(0x12345678, 0x9ABC));
        Assert.Equal(0x12345678u, PacketIndex.RolloverCounter(0x1234_5678_9ABC));
    }
}
