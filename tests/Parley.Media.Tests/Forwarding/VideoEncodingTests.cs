namespace Parley.Media.Tests.Forwarding;

public sealed class VideoEncodingTests
{
    private readonly FakeCamera _camera = new(0xCA);
    private TimeSpan _now = TimeSpan.FromSeconds(10);

    /// <summary>Twenty-five pictures a second, of this many packets each.</summary>
    private void Film(double seconds, int packets)
    {
        for (var i = 0; i < seconds * 25; i++)
        {
            _camera.Film(_now, key: i == 0, packets);
            _now += TimeSpan.FromMilliseconds(40);
        }
    }

    private long Expected(long smaller) => _camera.Encoding.ExpectedRate(0, smaller, _now);

    [Fact]
    public void What_has_only_begun_should_cost_three_times_the_next_smaller_one_and_then_what_is_measured()
    {
        Film(0.2, packets: 20);
        Assert.Equal(300_000, Expected(smaller: 100_000));

        Film(1, packets: 2);
        Assert.Equal(_camera.Encoding.RateOf(0), Expected(smaller: 100_000));
    }

    [Fact]
    public void What_comes_back_should_cost_what_it_cost_before()
    {
        Film(3, packets: 2);
        var before = _camera.Encoding.RateOf(0);
        _now += TimeSpan.FromSeconds(20);
        Film(0.2, packets: 20);

        Assert.NotEqual(before, _camera.Encoding.RateOf(0));
        Assert.Equal(before, Expected(smaller: 10_000_000));

        // For less than a second: then nothing more is known than was.
        _now += TimeSpan.FromSeconds(20);
        Film(0.1, packets: 20);
        Assert.Equal(before, Expected(smaller: 10_000_000));
    }

    [Fact]
    public void The_smallest_that_has_only_begun_costs_what_is_measured()
    {
        Film(0.2, packets: 2);

        Assert.Equal(_camera.Encoding.RateOf(0), Expected(smaller: 0));
        Assert.True(Expected(smaller: 0) > 0);
    }
}
