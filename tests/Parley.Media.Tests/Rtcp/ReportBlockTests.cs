using CsCheck;
using Parley.Media.Rtcp;

namespace Parley.Media.Tests.Rtcp;

public sealed class ReportBlockTests
{
    [Fact]
    public void Round_trip_time_is_the_example_of_the_standard()
    {
        // RFC 3550 §6.4.1, figure 2: A = 0xB710:8000, LSR = 0xB705:2000, DLSR = 0x0005:4000, round trip 6.125 s.
        var block = new ReportBlock(1, 0, 0, 0, 0, 0xB705_2000, 0x0005_4000);

        Assert.Equal(TimeSpan.FromSeconds(6.125), block.RoundTripTime(new NtpTime(0xB44D_B710_8000_0000)));
    }

    [Fact]
    public void There_is_no_round_trip_time_without_a_sender_report() =>
        Assert.Null(new ReportBlock(1, 0, 0, 0, 0, 0, 0).RoundTripTime(new NtpTime(1UL << 40)));

    [Fact]
    public void A_rounding_error_below_zero_is_zero_and_more_is_nonsense()
    {
        var now = new NtpTime(0x0000_1000_0000_0000);

        Assert.Equal(TimeSpan.Zero, new ReportBlock(1, 0, 0, 0, 0, 0x1000_0000, 65).RoundTripTime(now));
        Assert.Null(new ReportBlock(1, 0, 0, 0, 0, 0x1000_0000, 66).RoundTripTime(now));
        Assert.Null(new ReportBlock(1, 0, 0, 0, 0, 0x7000_0000, 0x1000_0000).RoundTripTime(now));
    }

    [Fact]
    public void A_report_and_its_answer_give_back_the_round_trip()
    {
        Gen.Select(Gen.ULong[1UL << 48, ulong.MaxValue], Gen.Int[0, 5_000], Gen.Int[0, 10_000]).Sample((sent, roundTrip, held) =>
        {
            var sentAt = new NtpTime(sent);
            var block = new ReportBlock(1, 0, 0, 0, 0, sentAt.Middle32, NtpTime.ToCompact(TimeSpan.FromMilliseconds(held)));
            var measured = block.RoundTripTime(sentAt.Add(TimeSpan.FromMilliseconds(roundTrip + held)));

            // An LSR of zero means none: one NTP time in 2^32.
            Assert.True(
                sentAt.Middle32 == 0
                || Math.Abs((measured!.Value - TimeSpan.FromMilliseconds(roundTrip)).TotalMilliseconds) < 0.05);
        });
    }
}
