using CsCheck;
using Parley.Client.Meetings;

namespace Parley.Client.Tests.Meetings;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Steady_retries_are_spread_by_a_fifth() =>
        Gen.Select(Gen.Int[5, int.MaxValue], Gen.Double[0, 1]).Sample((attempt, random) =>
        {
            Assert.InRange(RetrySchedule.Hub(attempt, () => random).TotalSeconds, 5.6, 8.4);
            Assert.InRange(RetrySchedule.Leg(attempt, () => random).TotalSeconds, 12, 18);
        });

    [Theory]
    [InlineData("Too many joins from your address in a short time. Try again in 12 seconds.", 12)]
    [InlineData("Too many messages in a short time. Try again in 1 second.", 1)]
    [InlineData("Try again in 0 seconds.", 1)]
    [InlineData("Try again in 86400 seconds.", 60)]
    [InlineData("Try again in 99999999999999 seconds.", 1)]
    [InlineData("Try again in a moment.", 1)]
    [InlineData("in", 1)]
    [InlineData("", 1)]
    public void Waits_as_long_as_it_is_told(string message, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.Told(message));
}
