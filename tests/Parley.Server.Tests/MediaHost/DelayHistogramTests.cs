using CsCheck;
using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class DelayHistogramTests
{
    private static readonly double[] Fractions = [0.001, 0.5, 0.9, 0.99, 1];

    [Fact]
    public void A_quantile_is_at_most_an_eighth_or_a_microsecond_too_much() => Gen.Int[0, 10_000_000].Array[1, 200].Sample(micros =>
    {
        var delays = new DelayHistogram();
        foreach (var one in micros) delays.Record(TimeSpan.FromMicroseconds(one));
        delays.Turn(TimeSpan.FromSeconds(10));
        Array.Sort(micros);
        Assert.Equal(micros.Length, delays.Count);
        Assert.Equal(micros[^1], delays.Max.TotalMicroseconds);
        foreach (var fraction in Fractions)
        {
            var exact = micros[(int)Math.Ceiling(fraction * micros.Length) - 1];
            Assert.InRange(delays.Quantile(fraction).TotalMicroseconds, exact, Math.Max(exact + 1, exact * 1.125 + 1));
        }
    });

    [Fact]
    public void What_is_read_is_of_the_last_whole_window()
    {
        var delays = new DelayHistogram();
        delays.Record(TimeSpan.FromMicroseconds(3));
        delays.Turn(TimeSpan.FromSeconds(9));
        Assert.Equal((0, TimeSpan.Zero, TimeSpan.Zero), (delays.Count, delays.Max, delays.Quantile(0.5)));
        delays.Turn(TimeSpan.FromSeconds(10));
        delays.Record(TimeSpan.FromMicroseconds(1));
        delays.Turn(TimeSpan.FromSeconds(19));
        Assert.Equal((1, TimeSpan.FromMicroseconds(3)), (delays.Count, delays.Max));
        delays.Turn(TimeSpan.FromSeconds(20));
        Assert.Equal((1, TimeSpan.FromMicroseconds(1)), (delays.Count, delays.Max));
        delays.Turn(TimeSpan.FromSeconds(30));
        Assert.Equal(0, delays.Count);

        // Nobody looked for longer than a window: what was recorded before it is too old.
        delays.Record(TimeSpan.FromMicroseconds(1));
        delays.Turn(TimeSpan.FromSeconds(50));
        Assert.Equal(0, delays.Count);
    }

    [Fact]
    public void Nothing_is_too_short_or_too_long()
    {
        var delays = new DelayHistogram();
        delays.Record(TimeSpan.FromMicroseconds(-5));
        delays.Record(TimeSpan.FromDays(1));
        delays.Turn(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromMicroseconds(1), delays.Quantile(0.5));
        Assert.Equal(TimeSpan.FromDays(1), delays.Max);
        Assert.InRange(delays.Quantile(1), TimeSpan.FromSeconds(16), TimeSpan.FromDays(1));
    }
}
