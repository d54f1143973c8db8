using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>draft-ietf-rmcat-gcc-02 §6, and what we do about loss that is the path's own.</summary>
public sealed class LossControllerTests
{
    private readonly Random _random = new(1);
    private readonly LossController _controller = new(30_000);
    private TimeSpan _now = TimeSpan.FromSeconds(10);
    private long _lowest = long.MaxValue;

    /// <summary>Each 100 ms feedback on what a target sends, packets of 1,200 bytes, with the loss that a rate has.</summary>
    private long Run(double seconds, long delayBased, Func<long, double> loss)
    {
        var target = Math.Min(delayBased, _controller.Limit);
        for (var i = 0; i < seconds * 10; i++)
        {
            _now += TimeSpan.FromMilliseconds(100);
            var packets = (int)(target / 8 / 1200 / 10) + 1;
            var lost = Enumerable.Range(0, packets).Count(_ => _random.NextDouble() < loss(target));
            _controller.OnPackets(packets - lost, lost, 0, _now);
            _controller.Update(target, delayBased, (long)(target * (1 - loss(target))), TimeSpan.FromMilliseconds(50), _now);
            target = Math.Min(delayBased, _controller.Limit);
            _lowest = Math.Min(_lowest, target);
        }

        return target;
    }

    [Fact]
    public void Loss_of_five_percent_bounds_nothing()
    {
        Run(60, 1_000_000, _ => 0.05);
        Assert.True(_lowest > 800_000, $"{_lowest}");
    }

    [Fact]
    public void Heavy_loss_lowers_the_rate_by_half_of_it()
    {
        _controller.OnPackets(50, 50, 0, _now);
        _controller.Update(1_000_000, 1_000_000, 0, TimeSpan.FromMilliseconds(50), _now);
        Assert.Equal(750_000, _controller.Limit);

        // libwebrtc's DoesntReapplyBitrateDecreaseWithoutFollowingRemb: not again without another report.
        _controller.Update(750_000, 1_000_000, 0, TimeSpan.FromMilliseconds(50), _now + TimeSpan.FromSeconds(1));
        Assert.Equal(750_000, _controller.Limit);
    }

    [Fact]
    public void When_most_is_lost_what_arrives_is_what_the_path_bears()
    {
        _controller.OnPackets(12, 88, 0, _now);
        _controller.Update(2_500_000, 2_500_000, 300_000, TimeSpan.FromMilliseconds(50), _now);
        Assert.Equal(255_000, _controller.Limit);
    }

    [Fact]
    public void When_most_of_the_last_is_lost_what_came_through_before_says_nothing()
    {
        Assert.False(_controller.OnPackets(300, 0, 0, _now));
        Assert.True(_controller.OnPackets(5, 20, 0, _now));
        _controller.Update(2_500_000, 2_500_000, 300_000, TimeSpan.FromMilliseconds(50), _now);

        Assert.Equal(255_000, _controller.Limit);
    }

    [Fact]
    public void A_few_packets_prove_nothing()
    {
        _controller.OnPackets(9, 10, 0, _now);
        _controller.Update(1_000_000, 1_000_000, 0, TimeSpan.FromMilliseconds(50), _now);
        Assert.Equal(long.MaxValue, _controller.Limit);
    }

    [Fact]
    public void What_only_came_late_is_not_lost()
    {
        _controller.OnPackets(50, 50, 0, _now);
        _controller.OnPackets(0, 0, 50, _now);
        _controller.Update(1_000_000, 1_000_000, 0, TimeSpan.FromMilliseconds(50), _now);
        Assert.Equal(long.MaxValue, _controller.Limit);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.15)]
    [InlineData(0.2)]
    public void Loss_that_does_not_depend_on_the_rate_is_found_to_be_the_paths_own(double loss)
    {
        Run(60, 1_000_000, _ => loss);
        Assert.True(_lowest > 300_000, $"{_lowest}");
        _lowest = long.MaxValue;
        Run(60, 1_000_000, _ => loss);
        Assert.True(_lowest > 500_000, $"{_lowest}");
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(800_000)]
    public void A_policer_is_not_taken_for_bad_radio(long policed)
    {
        var target = Run(20, 2_000_000, rate => rate <= policed ? 0 : 1 - (double)policed / rate);
        Assert.InRange(target, policed * 7 / 10, policed * 13 / 10);
    }

    [Fact]
    public void When_loss_is_over_the_bound_rises_until_it_bounds_nothing()
    {
        Run(5, 2_000_000, rate => rate <= 500_000 ? 0 : 1 - 500_000.0 / rate);
        Assert.True(_controller.Limit < 1_000_000);
        Run(30, 2_000_000, _ => 0);
        Assert.Equal(long.MaxValue, _controller.Limit);
    }

    [Fact]
    public void Loss_of_everything_ends_at_the_minimum() => Assert.Equal(30_000, Run(120, 2_000_000, _ => 1));
}
