using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>Cases of libwebrtc's probe_controller_unittest (JVB: ProbeControllerTest) and of str0m's probe control.</summary>
public sealed class ProbeControllerTests
{
    private readonly ProbeController _controller = new(100_000);
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    private long? Take(long target, long wanted = 100_000_000, bool limited = false, double after = 0)
    {
        _now += TimeSpan.FromSeconds(after);
        _controller.OnEstimate(target, _now);
        return _controller.TryTake(_now, target, wanted, limited, out var bitrate) ? bitrate : null;
    }

    [Fact] // InitiatesProbingOnStart…: three and six times the start
    public void It_begins_with_three_and_six_times_the_start()
    {
        Assert.Equal(300_000, Take(100_000));
        Assert.Equal(600_000, Take(100_000));
        Assert.Null(Take(100_000));
    }

    [Fact] // TestExponentialProbing: further above 0.7 of the last, at twice the estimate
    public void It_goes_on_while_it_works()
    {
        Take(100_000);
        Take(100_000);
        Assert.Null(Take(420_000, after: 0.1));
        Assert.Equal(2 * 421_000, Take(421_000, after: 0.1));
        Assert.Null(Take(500_000, after: 0.1));
        Assert.Equal(1_600_000, Take(800_000, after: 0.1));
    }

    [Fact] // TestExponentialProbingTimeout
    public void It_does_not_go_on_after_a_second()
    {
        Take(100_000);
        Take(100_000);
        Assert.Null(Take(1_800_000, after: 1.2));
    }

    [Fact] // PeriodicProbing: each 5 s at twice the estimate
    public void It_asks_again_each_five_seconds_while_there_is_too_little()
    {
        Take(100_000);
        Take(100_000);
        Assert.Null(Take(200_000, after: 4.9));
        Assert.Equal(_now + TimeSpan.FromSeconds(0.1), _controller.NextDeadline(200_000, 1_000_000));
        Assert.Equal(400_000, Take(200_000, after: 0.2));
        Assert.Null(Take(200_000, after: 4.9));
        Assert.Equal(400_000, Take(200_000, after: 0.2));
    }

    [Fact] // TestAllocatedBitrateCap…: not above what is of use
    public void It_does_not_measure_what_is_of_no_use()
    {
        Assert.Equal(225_000, Take(100_000, wanted: 150_000));
        Assert.Null(Take(225_000, wanted: 150_000, after: 0.1));
        Assert.Null(Take(225_000, wanted: 150_000, after: 10));
        Assert.Equal(TimeSpan.MaxValue, _controller.NextDeadline(225_000, 150_000));
    }

    [Fact]
    public void Nothing_wanted_is_no_probe_and_the_first_ones_come_when_something_is()
    {
        Assert.Null(Take(100_000, wanted: 0));
        Assert.Equal(300_000, Take(100_000, wanted: 1_000_000, after: 60));
    }

    [Fact] // ProbesOnMaxAllocatedBitrate…: at once when more is wanted
    public void More_wanted_is_probed_for_at_once()
    {
        Take(100_000, wanted: 150_000);
        Assert.Null(Take(225_000, wanted: 150_000, after: 2));
        Assert.Equal(450_000, Take(225_000, wanted: 1_000_000));
    }

    [Fact]
    public void What_is_wanted_may_wobble()
    {
        Take(100_000);
        Take(100_000);
        for (var i = 0; i < 20; i++) Assert.Null(Take(100_000, wanted: i % 2 == 0 ? 92_000_000 : 100_000_000, after: i == 0 ? 1.1 : 0.1));
    }

    [Fact] // RequestProbeInAlr: 0.85 of before, within 5 s
    public void After_a_drop_that_was_none_it_asks_for_what_was_before()
    {
        Take(100_000);
        Take(100_000);
        Take(5_000_000, after: 4);
        Assert.Null(Take(500_000, after: 0.5));
        _controller.OnRecovered();
        Assert.Equal(4_250_000, Take(500_000, limited: true, after: 0.5));
    }

    [Fact] // RequestProbeTooLate
    public void Not_when_it_recovers_after_five_seconds()
    {
        Take(100_000);
        Take(100_000);
        Take(5_000_000, after: 4);
        Assert.Null(Take(500_000, after: 0.1));
        Assert.Equal(1_000_000, Take(500_000, after: 5));
        _controller.OnRecovered();
        Assert.Null(Take(500_000, limited: true, after: 1.1));
    }
}
