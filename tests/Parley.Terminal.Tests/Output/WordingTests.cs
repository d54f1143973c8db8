using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Terminal.Output;

namespace Parley.Terminal.Tests.Output;

public sealed class WordingTests
{
    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_599, "59 min")]
    [InlineData(3_900, "1 h 05 min")]
    [InlineData(86_399, "23 h 59 min")]
    [InlineData(183_600, "2 d 3 h")]
    public void A_duration_has_two_units_at_most(double seconds, string text) =>
        Assert.Equal(text, Wording.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_time_is_that_of_the_place()
    {
        var clock = new FakeTimeProvider();
        clock.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("there", TimeSpan.FromHours(-3), null, null));
        Assert.Equal("2025-12-31 22:30", Wording.Time(new DateTimeOffset(2026, 1, 1, 1, 30, 0, TimeSpan.Zero), clock));
    }

    [Fact]
    public void Each_reason_has_words_of_its_own()
    {
        Assert.Distinct(Enum.GetValues<EndReason>().Select(reason => Wording.Of(reason, null)));
        Assert.Distinct(Enum.GetValues<LeaveReason>().Select(reason => Wording.Of(reason)));
    }
}
