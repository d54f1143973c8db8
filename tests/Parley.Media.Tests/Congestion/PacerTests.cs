using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

public sealed class PacerTests
{
    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    /// <summary>How many packets leave at once, and when the last has left.</summary>
    private static (int AtOnce, TimeSpan Last) SendAll(Pacer pacer, int packets, bool tells = false)
    {
        var (atOnce, now) = (0, TimeSpan.Zero);
        for (var left = packets; left > 0; left--)
        {
            if (tells) pacer.SetQueue(left * 1_250, TimeSpan.Zero, now);
            while (pacer.NextSend(now) > now)
            {
                now = pacer.NextSend(now);
                if (tells) pacer.SetQueue(left * 1_250, TimeSpan.Zero, now);
            }

            Assert.True(pacer.CanSend(now));
            pacer.OnSent(1_250, now);
            atOnce += now == TimeSpan.Zero ? 1 : 0;
        }

        return (atOnce, now);
    }

    [Theory]
    [InlineData(750_000, 3)]
    [InlineData(2_500_000, 10)]
    [InlineData(100_000_000, 16)]
    public void A_small_picture_leaves_at_once(long rate, int packets) => Assert.Equal(packets, SendAll(new Pacer(rate), 100).AtOnce);

    [Fact]
    public void Into_a_full_queue_nothing_leaves_before_a_packet_has_left_it()
    {
        var pacer = new Pacer(300_000);
        pacer.Exhaust(TimeSpan.Zero);
        var (atOnce, last) = SendAll(pacer, 4);

        Assert.Equal(0, atOnce);
        Assert.InRange(last, Ms(133), Ms(134));
    }

    [Fact]
    public void A_keyframe_is_spread_at_the_rate()
    {
        // 60 packets are 600 kbit: ten leave at once, the rest takes 200 ms at 2.5 Mb/s.
        var (_, last) = SendAll(new Pacer(2_500_000), 60);

        Assert.Equal(200, last.TotalMilliseconds, 5.0);
    }

    [Fact]
    public void Nothing_waits_longer_than_a_quarter_of_a_second()
    {
        Assert.True(SendAll(new Pacer(250_000), 400).Last > TimeSpan.FromSeconds(10));
        var (_, last) = SendAll(new Pacer(250_000), 400, tells: true);

        Assert.InRange(last, Ms(150), Pacer.MaxWait + Ms(1));
    }

    [Fact]
    public void When_the_queue_is_empty_the_rate_is_again_what_was_set()
    {
        var pacer = new Pacer(1_000_000);
        pacer.SetQueue(100_000, Ms(0), Ms(100));
        Assert.Equal(100_000 * 8 * 1000 / 150, pacer.Rate, 10.0);
        pacer.SetQueue(0, Ms(100), Ms(100));
        Assert.Equal(1_000_000, pacer.Rate);
    }

    [Fact]
    public void What_left_without_asking_is_paid_off_all_the_same_and_saved_is_nothing()
    {
        var pacer = new Pacer(1_000_000);
        pacer.OnSent(125_000, Ms(0));
        Assert.Equal(Ms(960), Ms(Math.Round(pacer.NextSend(Ms(0)).TotalMilliseconds)));
        Assert.False(pacer.CanSend(Ms(950)));
        Assert.True(pacer.CanSend(Ms(961)));

        pacer.OnSent(6_000, TimeSpan.FromHours(1));
        Assert.False(pacer.CanSend(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Time_that_stands_or_goes_back_pays_nothing()
    {
        var pacer = new Pacer(1_000_000);
        pacer.OnSent(10_000, Ms(100));
        Assert.False(pacer.CanSend(Ms(100)));
        Assert.False(pacer.CanSend(Ms(0)));
        Assert.Equal(pacer.NextSend(Ms(100)), pacer.NextSend(Ms(100)));
    }

    [Fact]
    public void A_rate_of_nothing_is_our_own_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pacer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pacer(1).SetRate(0, Ms(0)));
    }
}
