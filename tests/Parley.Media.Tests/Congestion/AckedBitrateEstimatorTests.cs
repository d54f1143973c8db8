using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

public sealed class AckedBitrateEstimatorTests
{
    private readonly AckedBitrateEstimator _estimator = new();

    private void Receive(int bytes, double at) => _estimator.OnReceived(bytes, TimeSpan.FromMilliseconds(at));

    /// <summary>A packet each 10 ms.</summary>
    private double Stream(double from, double seconds, long bitrate)
    {
        var end = from + seconds * 1000;
        for (; from < end; from += 10) Receive((int)(bitrate / 800), from);
        return from;
    }

    [Fact] // str0m: test_no_estimate_before_initial_window_has_passed
    public void The_first_estimate_comes_after_half_a_second()
    {
        Receive(950, 0);
        Receive(381, 250);
        Receive(1_110, 499);
        Assert.Equal(0, _estimator.Bitrate);

        Receive(1_110, 501);
        Assert.Equal(39_056, _estimator.Bitrate);
    }

    [Fact]
    public void It_follows_a_drop_to_a_tenth_within_three_seconds()
    {
        var now = Stream(0, 5, 2_000_000);
        Assert.Equal(2_000_000, _estimator.Bitrate, 20_000.0);
        Stream(now, 3, 200_000);
        Assert.InRange(_estimator.Bitrate, 190_000, 260_000);
    }

    [Fact]
    public void One_sample_far_off_does_not_count_for_much_unless_a_fast_change_is_expected()
    {
        var now = Stream(0, 20, 1_000_000);
        Stream(now, 0.31, 5_000_000);
        var doubted = _estimator.Bitrate;
        Assert.InRange(doubted, 1_000_000, 1_800_000);

        var other = new AckedBitrateEstimatorTests();
        now = other.Stream(0, 20, 1_000_000);
        other.Receive(6_250, now); // which ends the window before
        other._estimator.ExpectFastChange();
        other.Stream(now + 10, 0.3, 5_000_000);
        Assert.True(other._estimator.Bitrate > doubted);
    }

    [Fact]
    public void A_pause_is_not_taken_for_a_low_rate()
    {
        var now = Stream(0, 5, 1_000_000);
        Stream(now + 3_000, 0.3, 1_000_000);
        Assert.Equal(1_000_000, _estimator.Bitrate, 150_000.0);
    }

    [Fact]
    public void Reordering_changes_nothing_and_a_clock_set_back_begins_a_new_window()
    {
        for (var i = 0; i < 500; i++) Receive(1_250, 10 * (i % 2 == 0 ? i + 1 : i - 1));
        Assert.Equal(1_000_000, _estimator.Bitrate, 50_000.0);

        Stream(-100_000, 2, 1_000_000);
        Assert.Equal(1_000_000, _estimator.Bitrate, 50_000.0);
    }
}
