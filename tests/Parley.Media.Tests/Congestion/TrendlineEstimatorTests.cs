using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>The cases of libwebrtc's trendline_estimator_unittest (JVB: TrendlineEstimatorTest), and more.</summary>
public sealed class TrendlineEstimatorTests
{
    private static IEnumerable<DelaySignal> Run(double factor, int groups = 25)
    {
        var estimator = new TrendlineEstimator();
        for (var i = 1; i < groups; i++)
        {
            var arrival = TimeSpan.FromMilliseconds((long)(987_654_321 + 20 * factor * i));
            var delta = arrival - TimeSpan.FromMilliseconds((long)(987_654_321 + 20 * factor * (i - 1)));
            estimator.Update(TimeSpan.FromMilliseconds(20), delta, arrival);
            yield return estimator.Signal;
        }
    }

    [Fact]
    public void What_arrives_as_it_was_sent_is_normal() =>
        Assert.All(Run(1, 500), signal => Assert.Equal(DelaySignal.Normal, signal));

    [Fact]
    public void What_arrives_ten_percent_slower_is_overuse_within_25_groups() => Assert.Equal(DelaySignal.Overuse, Run(1.1).Last());

    [Fact]
    public void What_arrives_fifteen_percent_faster_is_underuse_within_25_groups() =>
        Assert.Equal(DelaySignal.Underuse, Run(0.85).Last());

    [Fact]
    public void Jitter_without_a_trend_is_not_overuse_for_long()
    {
        var random = new Random(1);
        var estimator = new TrendlineEstimator();
        var (late, overuses) = (0.0, 0);
        for (var i = 1; i <= 3_000; i++)
        {
            var next = random.NextDouble() * 30;
            estimator.Update(
                TimeSpan.FromMilliseconds(33), TimeSpan.FromMilliseconds(33 + next - late), TimeSpan.FromMilliseconds(33 * i + next));
            late = next;
            overuses += estimator.Signal == DelaySignal.Overuse ? 1 : 0;
        }

        Assert.True(overuses < 60, $"{overuses} of 3000");
    }

    [Fact] // str0m: test_history_insertion_regression_out_of_order
    public void Arrivals_that_go_back_do_no_harm()
    {
        var estimator = new TrendlineEstimator();
        foreach (var at in Enumerable.Repeat(new[] { 100, 400, 50, -300, 0, int.MaxValue, int.MinValue }, 20).SelectMany(a => a))
        {
            estimator.Update(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(at));
        }

        for (var i = 0; i < 500; i++)
        {
            estimator.Update(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20 * i));
        }

        Assert.Equal(DelaySignal.Normal, estimator.Signal);
    }
}
