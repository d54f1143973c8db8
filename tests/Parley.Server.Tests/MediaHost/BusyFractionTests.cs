using Parley.Server.MediaHost;

namespace Parley.Server.Tests.MediaHost;

public sealed class BusyFractionTests
{
    [Fact]
    public void It_is_what_of_the_last_second_was_not_waited()
    {
        var busy = new BusyFraction();
        for (var at = 0; at < 1_000; at += 100) Wait(busy, at + 25, at + 100);
        Assert.Equal(0.25, busy.Value, 6);

        // A wait that goes on for long ends its second late; nothing of it is lost.
        Wait(busy, 1_500, 3_000);
        Assert.Equal(0.25, busy.Value, 6);
        for (var at = 3_000; at < 4_000; at += 100) Wait(busy, at + 100, at + 100);
        Assert.Equal(1, busy.Value, 6);
        Wait(busy, 4_000, 5_000);
        Assert.Equal(0, busy.Value, 6);
    }

    [Fact]
    public void Before_a_second_is_over_it_is_none()
    {
        var busy = new BusyFraction();
        Wait(busy, 999, 999);
        Assert.Equal(0, busy.Value);
    }

    [Fact]
    public void It_says_when_a_second_is_over()
    {
        var busy = new BusyFraction();
        Assert.False(busy.EndWait(TimeSpan.FromMilliseconds(999)));
        Assert.True(busy.EndWait(TimeSpan.FromMilliseconds(1_001)));
        Assert.False(busy.EndWait(TimeSpan.FromMilliseconds(2_000)));
    }

    private static void Wait(BusyFraction busy, int from, int until)
    {
        busy.BeginWait(TimeSpan.FromMilliseconds(from));
        busy.EndWait(TimeSpan.FromMilliseconds(until));
    }
}
