using CsCheck;
using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

public sealed class FramePacerTests
{
    [Fact]
    public void An_hour_of_thirtieths_is_an_hour()
    {
        var pacer = new FramePacer(TimeSpan.FromSeconds(5), 30);
        for (var i = 0; i < 30 * 3600; i++)
        {
            Assert.Equal(i, pacer.Number);
            pacer.Advance(pacer.Due);
        }

        Assert.Equal(TimeSpan.FromSeconds(3605), pacer.Due);
    }

    [Fact]
    public void Who_is_late_by_less_than_a_picture_leaves_none_out()
    {
        var pacer = new FramePacer(TimeSpan.Zero, 10);
        for (var i = 0; i < 100; i++) pacer.Advance(pacer.Due + TimeSpan.FromMilliseconds(95));
        Assert.Equal(100, pacer.Number);
    }

    [Fact]
    public void Who_was_away_goes_on_with_the_picture_of_now()
    {
        var pacer = new FramePacer(TimeSpan.Zero, 10);
        pacer.Advance(TimeSpan.FromMilliseconds(1234));
        Assert.Equal(12, pacer.Number);
        Assert.Equal(TimeSpan.FromMilliseconds(1200), pacer.Due);
    }

    [Fact]
    public void A_picture_is_never_due_before_the_one_before_nor_much_in_the_past() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[0, 1000].Array[1, 50]).Sample((rate, steps) =>
        {
            var pacer = new FramePacer(TimeSpan.Zero, rate);
            var now = TimeSpan.Zero;
            foreach (var step in steps)
            {
                var before = pacer.Due;
                now += TimeSpan.FromMilliseconds(step);
                pacer.Advance(now);
                Assert.True(pacer.Due > before);
                Assert.True(pacer.Due > now - (TimeSpan.FromSeconds(1) / rate) - TimeSpan.FromTicks(1));
            }
        });
}
