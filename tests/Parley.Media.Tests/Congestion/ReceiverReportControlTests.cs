using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>Cases and numbers of libwebrtc's send_side_bandwidth_estimation_unittest, which JVB's SendSideBandwidthEstimationTest repeats.</summary>
public sealed class ReceiverReportControlTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact] // InitialRembWithProbing
    public void The_first_REMB_applies_at_once_and_one_after_two_seconds_only_downwards()
    {
        var control = new ReceiverReportControl(100_000, 200_000, 1_500_000);
        control.OnReceiverReport(0, RoundTrip, Ms(0));
        control.OnRemb(1_000_000, Ms(0));
        Assert.Equal(1_000_000, control.Estimate);

        control.OnRemb(1_500_000, Ms(2_001));
        Assert.Equal(1_000_000, control.Estimate);
        control.OnRemb(400_000, Ms(2_002));
        Assert.Equal(400_000, control.Estimate);
    }

    [Fact] // DoesntReapplyBitrateDecreaseWithoutFollowingRemb
    public void Half_of_all_lost_takes_a_quarter()
    {
        var control = new ReceiverReportControl(100_000, 1_000_000, 1_500_000);
        control.OnReceiverReport(128, RoundTrip, Ms(11_000));
        Assert.Equal(750_000, control.Estimate);

        // Several streams report together.
        control.OnReceiverReport(128, RoundTrip, Ms(11_100));
        Assert.Equal(750_000, control.Estimate);
        control.OnReceiverReport(128, RoundTrip, Ms(12_000));
        Assert.Equal(562_500, control.Estimate);
    }

    [Fact]
    public void Between_two_and_ten_percent_it_holds()
    {
        var control = new ReceiverReportControl(100_000, 1_000_000, 1_500_000);
        for (var i = 0; i < 60; i++)
        {
            control.OnSent(150_000);
            control.OnReceiverReport(15, RoundTrip, Ms(1_000 * i));
        }

        Assert.Equal(1_000_000, control.Estimate);
    }

    [Fact]
    public void Without_loss_it_grows_by_eight_percent_a_second_as_far_as_something_is_sent()
    {
        var control = new ReceiverReportControl(100_000, 300_000, 1_500_000);
        control.OnReceiverReport(0, RoundTrip, Ms(0));
        for (var i = 1; i <= 100; i++)
        {
            control.OnSent(50_000);
            control.OnReceiverReport(0, RoundTrip, Ms(1_000 * i));
            control.OnReceiverReport(0, RoundTrip, Ms(1_000 * i + 1));
            if (i == 1) Assert.Equal(325_000, control.Estimate);
        }

        Assert.Equal(610_000, control.Estimate);
    }

    [Fact]
    public void It_never_leaves_its_bounds()
    {
        var control = new ReceiverReportControl(100_000, 300_000, 1_500_000);
        for (var i = 0; i < 100; i++) control.OnReceiverReport(255, RoundTrip, Ms(1_000 * i));
        Assert.Equal(100_000, control.Estimate);
        control.OnRemb(-1, Ms(0));
        Assert.Equal(100_000, control.Estimate);
        control.OnRemb(long.MaxValue, Ms(0));
        control.OnSent(int.MaxValue);
        for (var i = 0; i < 100; i++) control.OnReceiverReport(0, RoundTrip, Ms(100_000 + 2_000 * i));
        Assert.InRange(control.Estimate, 100_000, 1_500_000);
    }
}
