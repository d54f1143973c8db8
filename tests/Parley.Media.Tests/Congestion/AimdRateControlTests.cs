using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>Cases and numbers of libwebrtc's aimd_rate_control_unittest, which JVB's AimdRateControlTest repeats, and of str0m's rate_control.</summary>
public sealed class AimdRateControlTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMilliseconds(123_456);

    private static AimdRateControl Make(long bitrate) => new(1_000, bitrate, 50_000_000);

    [Theory] // libwebrtc: MinNearMaxIncreaseRateOnLowBandwith, NearMaxIncreaseRateIs5kbpsOn…
    [InlineData(30_000, 200, 4_000)]
    [InlineData(90_000, 200, 5_000)]
    [InlineData(60_000, 100, 5_000)]
    public void The_additive_increase_is_half_a_packet_in_a_response_time(long bitrate, int roundTrip, int expected)
    {
        var control = Make(bitrate);
        control.RoundTrip = TimeSpan.FromMilliseconds(roundTrip);

        Assert.Equal(expected, control.AdditiveIncrease, 1.0);
    }

    [Fact] // libwebrtc: GetIncreaseRateAndBandwidthPeriod
    public void After_an_overuse_at_300_kbps_it_is_14_kbps_a_second()
    {
        var control = Make(300_000);
        control.Update(DelaySignal.Overuse, 300_000, false, Start);

        Assert.Equal(14_000, control.AdditiveIncrease, 1_000.0);
    }

    [Fact] // libwebrtc: ExpectedPeriodAfterTypicalDrop
    public void An_overuse_takes_it_to_85_percent_of_what_comes_through_less_5_kbps()
    {
        var control = Make(264_000);
        control.Update(DelaySignal.Overuse, 260_000, false, Start);

        Assert.Equal(216_000, control.Estimate);
        Assert.Equal(12_000, control.AdditiveIncrease, 1.0);
    }

    [Fact] // libwebrtc: BweLimitedByAckedBitrate, BweLimitedByDecreasingAckedBitrate
    public void It_grows_to_one_and_a_half_times_what_comes_through_and_does_not_follow_that_down()
    {
        var control = Make(10_000);
        var now = Start;
        for (; now < Start + TimeSpan.FromSeconds(20); now += TimeSpan.FromMilliseconds(100))
        {
            control.Update(DelaySignal.Normal, 10_000, false, now);
        }

        Assert.Equal(25_000, control.Estimate);
        control.Update(DelaySignal.Normal, 5_000, true, now);
        Assert.Equal(25_000, control.Estimate);
    }

    [Fact] // str0m: test_normal_yields_multiplicative_increase, test_normal_to_under_use_yields_hold
    public void It_grows_by_eight_percent_a_second_and_holds_while_queues_are_emptied()
    {
        var control = Make(100_000);
        control.Update(DelaySignal.Normal, 85_000, false, Start);
        Assert.Equal(101_000, control.Estimate);
        control.Update(DelaySignal.Normal, 95_000, false, Start + TimeSpan.FromMilliseconds(500));
        Assert.Equal(104_963, control.Estimate, 2.0);
        control.Update(DelaySignal.Underuse, 97_000, false, Start + TimeSpan.FromMilliseconds(1000));
        control.Update(DelaySignal.Underuse, 97_000, false, Start + TimeSpan.FromMilliseconds(2000));
        Assert.Equal(104_963, control.Estimate, 2.0);
    }

    [Fact]
    public void It_is_not_lowered_twice_in_a_round_trip_unless_far_less_comes_through()
    {
        var control = Make(1_000_000);
        control.Update(DelaySignal.Overuse, 900_000, false, Start);
        Assert.Equal(760_000, control.Estimate);
        control.Update(DelaySignal.Overuse, 700_000, false, Start + TimeSpan.FromMilliseconds(100));
        Assert.Equal(760_000, control.Estimate);
        control.Update(DelaySignal.Overuse, 300_000, false, Start + TimeSpan.FromMilliseconds(150));
        Assert.Equal(250_000, control.Estimate);
    }

    [Fact]
    public void When_little_is_sent_one_overuse_takes_fifteen_percent_at_most()
    {
        var control = Make(5_000_000);
        control.Update(DelaySignal.Overuse, 200_000, true, Start);

        Assert.Equal(4_250_000, control.Estimate);
    }

    [Fact]
    public void It_never_leaves_its_bounds()
    {
        var control = new AimdRateControl(30_000, 100_000, 200_000);
        control.SetEstimate(1, Start);
        Assert.Equal(30_000, control.Estimate);
        control.SetEstimate(long.MaxValue, Start);
        Assert.Equal(200_000, control.Estimate);
        control.Update(DelaySignal.Overuse, 1, false, Start + TimeSpan.FromSeconds(1));
        Assert.Equal(30_000, control.Estimate);
    }
}
