using Parley.Media.Forwarding;

namespace Parley.Media.Tests.Forwarding;

public sealed class EncodingRateTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(40);

    private EncodingRate _rate;
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    [Fact]
    public void What_it_costs_is_what_came_in_the_last_second_layer_by_layer()
    {
        Send(pictures: 50);

        // 1,000 bytes each 40 ms: every other one of the lowest layer.
        Assert.InRange(_rate.Get(0), 80_000, 110_000);
        Assert.InRange(_rate.Get(1), 170_000, 215_000);
        Assert.Equal(_rate.Get(1), _rate.Get(2));
        Assert.Equal(1, _rate.HighestTemporal);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(1_100)]
    [InlineData(60_000)]
    public void Who_halts_costs_what_they_did_before(int milliseconds)
    {
        Send(pictures: 50);
        _now += TimeSpan.FromMilliseconds(milliseconds);

        Assert.InRange(_rate.Get(1), 130_000, 215_000);
        for (var i = 0; i < 25; i++)
        {
            Send(pictures: 1);
            Assert.InRange(_rate.Get(1), 130_000, 215_000);
        }
    }

    [Fact]
    public void Who_sends_less_costs_less_after_a_second()
    {
        Send(pictures: 50);
        Send(pictures: 25, bytes: 100);

        Assert.InRange(_rate.Get(1), 18_000, 30_000);
    }

    [Fact]
    public void A_layer_that_is_left_out_is_gone_after_a_second()
    {
        Send(pictures: 50);
        for (var i = 0; i < 30; i++)
        {
            _rate.Add(1_000, 0, _now);
            _now += s_interval;
        }

        Assert.Equal(_rate.Get(0), _rate.Get(2));
        Assert.Equal(0, _rate.HighestTemporal);
    }

    [Fact]
    public void Nothing_costs_nothing() => Assert.Equal(0, _rate.Get(2));

    private void Send(int pictures, int bytes = 1_000)
    {
        for (var i = 0; i < pictures; i++)
        {
            _rate.Add(bytes, i % 2, _now);
            _now += s_interval;
        }
    }
}
