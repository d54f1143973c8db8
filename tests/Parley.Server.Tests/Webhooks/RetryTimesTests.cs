using Parley.Server.Webhooks;

namespace Parley.Server.Tests.Webhooks;

public sealed class RetryTimesTests
{
    [Fact]
    public void Attempts_come_ever_later_up_to_four_hours_a_fifth_sooner_or_later()
    {
        Assert.Equal([5, 20, 80, 320, 1280, 5120, 14_400, 14_400], Enumerable.Range(1, 8).Select(attempt => Math.Round(RetryTimes.After(attempt, 0.5).TotalSeconds)));
        Assert.Equal((4, 6), (RetryTimes.After(1, 0).TotalSeconds, RetryTimes.After(1, 1).TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(4), RetryTimes.After(int.MaxValue, 0.5));
    }
}
