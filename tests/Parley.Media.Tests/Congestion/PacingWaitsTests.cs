using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

public sealed class PacingWaitsTests
{
    [Fact]
    public void The_last_whole_window_is_told_and_nothing_older()
    {
        var waits = new PacingWaits();
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (waits.Mean, waits.Max));
        waits.Record(Milliseconds(2), Seconds(1));
        waits.Record(Milliseconds(10), Seconds(9));
        waits.Turn(Seconds(9.9));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (waits.Mean, waits.Max));

        waits.Record(Milliseconds(100), Seconds(10));
        Assert.Equal((Milliseconds(6), Milliseconds(10)), (waits.Mean, waits.Max));
        waits.Turn(Seconds(20));
        Assert.Equal((Milliseconds(100), Milliseconds(100)), (waits.Mean, waits.Max));

        // Nothing was sent; then something, of which nobody asked for long.
        waits.Turn(Seconds(30));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (waits.Mean, waits.Max));
        waits.Record(Milliseconds(5), Seconds(31));
        waits.Turn(Seconds(60));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (waits.Mean, waits.Max));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
