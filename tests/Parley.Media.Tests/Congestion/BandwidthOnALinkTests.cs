using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>
/// The estimator, the pacer and a receiver's feedback on a simulated link, in virtual time. Run with -showLiveOutput it prints
/// the estimate each half second.
/// </summary>
public sealed class BandwidthOnALinkTests(ITestOutputHelper output)
{
    private const long Useful = 2_000_000;

    /// <summary>Up to 2 Mb/s of video, which follows the target as layers would.</summary>
    private static ClosedLoop Meeting(long capacity, int seed = 1) => new(capacity, seed)
    {
        Estimator = { Wanted = Useful },
        Media = target => Math.Min(Useful, target * 9 / 10),
    };

    private List<long> Run(ClosedLoop loop, double seconds)
    {
        var targets = new List<long>();
        for (var t = 0.0; t < seconds; t += 0.1)
        {
            loop.Run(0.1);
            targets.Add(loop.Estimator.Target);
            if (targets.Count % 5 == 0)
            {
                output.WriteLine($"{loop.Now.TotalSeconds,6:F1} s: target {loop.Estimator.Target / 1000,5} kb/s, acked "
                    + $"{loop.Estimator.AckedBitrate / 1000,5}, queue {loop.Down.Queue(loop.Now).TotalMilliseconds,4:F0} ms, "
                    + $"probes {loop.Probes.Count}, dropped {loop.Down.Overflowed}");
            }
        }

        return targets;
    }

    /// <summary>Seconds until the target is in a range and stays there for a second.</summary>
    private static double Until(List<long> targets, long from, long to)
    {
        for (var i = 0; i + 10 <= targets.Count; i++)
        {
            if (targets.Skip(i).Take(10).All(t => t >= from && t <= to)) return (i + 1) * 0.1;
        }

        return double.PositiveInfinity;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_finds_two_and_a_half_megabits_in_two_seconds(int seed)
    {
        var targets = Run(Meeting(2_500_000, seed), 10);

        Assert.InRange(Until(targets, Useful, 4_000_000), 0, 2);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 33)]
    [InlineData(4, 61)]
    public void A_drop_to_300_kbps_is_noticed_in_two_seconds_and_its_end_in_ten(int seed, int narrowFor)
    {
        var loop = Meeting(2_500_000, seed);
        Run(loop, 10);
        loop.Down.Rate = 300_000;
        var down = Run(loop, narrowFor);
        loop.Down.Rate = 2_500_000;
        var up = Run(loop, 15);

        output.WriteLine($"down {Until(down, 0, 300_000):F1} s, up {Until(up, Useful * 7 / 10, 5_000_000):F1} s");
        Assert.InRange(Until(down, 0, 300_000), 0, 2);
        Assert.InRange(down.Skip(30).Min(), 100_000, 300_000);
        Assert.InRange(down.Skip(50).Average(), 180_000, 330_000);
        Assert.InRange(Until(up, Useful * 7 / 10, 5_000_000), 0, 10);
        Assert.True(loop.LongestWait <= TimeSpan.FromMilliseconds(255), $"{loop.LongestWait}");
    }

    [Fact] // libwebrtc's delay_based_bwe_unittest: CapacityDropOneStream, 1 Mb/s to 500 kb/s in 500–933 ms
    public void Half_the_capacity_is_noticed_in_a_second()
    {
        var loop = Meeting(1_000_000);
        Run(loop, 10);
        loop.Down.Rate = 500_000;

        Assert.InRange(Until(Run(loop, 5), 200_000, 500_000), 0, 1.3);
    }

    [Fact] // libwebrtc's delay_based_bwe_unittest: TestInitialOveruse, 300 kb/s into 200 kb/s
    public void A_start_above_the_capacity_is_corrected()
    {
        var loop = Meeting(200_000);
        var targets = Run(loop, 20);

        Assert.InRange(Until(targets, 80_000, 200_000), 0, 2);
        Assert.InRange(targets.Skip(100).Average(), 120_000, 230_000);
    }

    [Fact]
    public void A_start_at_2500_kbps_into_300_kbps_is_corrected_in_two_seconds()
    {
        var loop = new ClosedLoop(300_000, 1, new BandwidthOptions(Start: 2_500_000))
        {
            Estimator = { Wanted = Useful },
            Media = target => Math.Min(Useful, target * 9 / 10),
        };
        var targets = Run(loop, 20);

        output.WriteLine($"down {Until(targets, 0, 300_000):F1} s");
        Assert.InRange(Until(targets, 0, 300_000), 0, 2.5);
        Assert.InRange(targets.Skip(100).Average(), 150_000, 330_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ten_percent_loss_both_ways_does_not_take_it_down(int seed)
    {
        var loop = Meeting(3_000_000, seed);
        loop.Down.Loss = loop.Up.Loss = 0.1;
        var targets = Run(loop, 90);

        output.WriteLine($"lowest {targets.Skip(30).Min()}, average {targets.Skip(30).Average():F0}");
        Assert.True(targets.Skip(30).Min() > 700_000);
        Assert.True(targets.Skip(30).Average() > 1_400_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_radio_that_delays_by_up_to_30_ms_does_not_starve_it(int seed)
    {
        var loop = Meeting(3_000_000, seed);
        loop.Down.Jitter = TimeSpan.FromMilliseconds(15);
        var targets = Run(loop, 60);

        output.WriteLine($"lowest {targets.Min()}, after ten seconds {targets.Skip(100).Min()}");
        Assert.True(targets.Min() >= 300_000);
        Assert.True(targets.Skip(200).Min() > 1_400_000);
    }

    [Fact]
    public void Who_sends_little_neither_gains_nor_loses_until_more_is_wanted()
    {
        var loop = Meeting(5_000_000);
        loop.Media = _ => 200_000;
        loop.Estimator.Wanted = 200_000;
        var little = Run(loop, 60);
        Assert.InRange(little.Min(), 200_000, 300_000);
        Assert.InRange(little.Max(), 300_000, 350_000);
        Assert.Empty(loop.Probes);

        loop.Estimator.Wanted = 3_000_000;
        Assert.InRange(Until(Run(loop, 5), 3_000_000, 5_000_000), 0, 2);

        // What was found is kept though little is sent.
        Assert.True(Run(loop, 60).Min() > 3_000_000);
        Assert.InRange(loop.PaddingBytes, 1, 100_000);
    }

    [Fact]
    public void A_path_that_became_narrow_while_little_was_sent_is_found_out_by_sending()
    {
        var loop = Meeting(5_000_000);
        Run(loop, 5);
        loop.Media = _ => 200_000;
        Run(loop, 20);
        loop.Down.Rate = 600_000;
        Run(loop, 20);
        loop.Media = target => Math.Min(Useful, target * 9 / 10);

        Assert.InRange(Until(Run(loop, 10), 200_000, 600_000), 0, 2.5);
    }

    [Fact]
    public void When_feedback_stays_away_little_is_sent_and_when_it_is_back_the_path_is_found_again()
    {
        var loop = Meeting(2_500_000);
        Run(loop, 10);
        loop.GivesFeedback = false;
        Assert.InRange(Run(loop, 8)[^1], 30_000, 60_000);
        loop.GivesFeedback = true;

        Assert.InRange(Until(Run(loop, 15), 1_400_000, 5_000_000), 0, 10);
    }

    [Fact]
    public void A_long_delay_is_no_congestion()
    {
        var loop = Meeting(2_500_000);
        loop.Down.Delay = loop.Up.Delay = TimeSpan.FromMilliseconds(250);
        var targets = Run(loop, 30);

        Assert.True(targets.Skip(50).Min() > 1_400_000, $"{targets.Skip(50).Min()}");
        Assert.InRange(loop.Estimator.RoundTrip, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(700));
    }

    [Fact]
    public void A_narrow_path_keeps_a_short_queue()
    {
        var loop = Meeting(500_000);
        Run(loop, 10);
        var queues = new List<double>();
        for (var i = 0; i < 600; i++)
        {
            loop.Run(0.1);
            queues.Add(loop.Down.Queue(loop.Now).TotalMilliseconds);
        }

        output.WriteLine($"queue: average {queues.Average():F0} ms, longest {queues.Max():F0} ms, target {loop.Estimator.Target}");
        Assert.True(queues.Average() < 60, $"{queues.Average()}");
        Assert.True(loop.Estimator.Target > 300_000);
    }
}
