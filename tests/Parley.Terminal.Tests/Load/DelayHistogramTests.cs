using CsCheck;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class DelayHistogramTests
{
    private static readonly Gen<long> Delay = Gen.OneOf(Gen.Long[0, 100], Gen.Long[0, 100_000], Gen.Long[0, 1L << 27]);

    [Fact]
    public void A_quantile_is_at_most_a_32nd_too_high_and_never_too_low() =>
        Gen.Select(Delay.Array[1, 200], Gen.Double[0, 1]).Sample((delays, quantile) =>
        {
            var histogram = Of(delays);
            var sorted = delays.Order().ToArray();
            var exact = sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
            Assert.InRange(histogram.Quantile(quantile), exact, Math.Min(sorted[^1], exact + (exact / 32)));
            Assert.Equal((sorted.Length, sorted[^1], sorted[^1]), (histogram.Count, histogram.Max, histogram.Quantile(1)));
        });

    [Fact]
    public void Two_put_together_are_as_one() =>
        Gen.Select(Delay.Array[0, 50], Delay.Array[0, 50]).Sample((first, second) =>
        {
            var together = Of(first);
            together.Add(Of(second));
            var one = Of([.. first, .. second]);
            Assert.Equal((one.Count, one.Max), (together.Count, together.Max));
            Assert.Equal(one.Mean, together.Mean, 3);
            if (one.Count > 0) Assert.Equal(first.Concat(second).Average(), one.Mean, 3);
            for (var quantile = 0.0; quantile <= 1; quantile += 0.1) Assert.Equal(one.Quantile(quantile), together.Quantile(quantile));
        });

    [Fact]
    public void Those_above_a_bound_are_counted_to_a_buckets_width() =>
        Gen.Select(Delay.Array[0, 50], Gen.Long[0, 1_000_000]).Sample((delays, bound) =>
            Assert.InRange(Of(delays).CountAbove(bound), delays.Count(delay => delay > bound + (bound / 32) + 1), delays.Count(delay => delay > bound)));

    [Fact]
    public void Nothing_and_what_is_out_of_range_are_no_trouble()
    {
        var histogram = new DelayHistogram();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Quantile(0.99)));
        histogram.Record(-5);
        histogram.Record(long.MaxValue);
        Assert.Equal((2, long.MaxValue), (histogram.Count, histogram.Max));
        Assert.Equal((0, long.MaxValue), (histogram.Quantile(0.5), histogram.Quantile(1)));
        histogram.Reset();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Quantile(1)));
    }

    private static DelayHistogram Of(long[] delays)
    {
        var histogram = new DelayHistogram();
        foreach (var delay in delays) histogram.Record(delay);
        return histogram;
    }
}
