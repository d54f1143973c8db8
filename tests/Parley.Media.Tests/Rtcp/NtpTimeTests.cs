using CsCheck;
using Parley.Media.Rtcp;

namespace Parley.Media.Tests.Rtcp;

public sealed class NtpTimeTests
{
    [Fact]
    public void Counts_from_1900()
    {
        // The Unix epoch is 2,208,988,800 s after the NTP epoch.
        var time = NtpTime.From(DateTimeOffset.UnixEpoch.AddMilliseconds(500));

        Assert.Equal(2_208_988_800u, time.Seconds);
        Assert.Equal(0x8000_0000u, time.Fraction);
        Assert.Equal(0x7E80_8000u, time.Middle32);
    }

    [Fact]
    public void Wraps_in_2036()
    {
        var before = NtpTime.From(new DateTimeOffset(2036, 2, 7, 6, 28, 15, TimeSpan.Zero));
        var after = NtpTime.From(new DateTimeOffset(2036, 2, 7, 6, 28, 17, TimeSpan.Zero));

        Assert.Equal(uint.MaxValue, before.Seconds);
        Assert.Equal(1u, after.Seconds);
        Assert.Equal(TimeSpan.FromSeconds(2), after.Since(before));
        Assert.Equal(TimeSpan.FromSeconds(-2), before.Since(after));
        Assert.Equal(after, before.Add(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Durations_survive_to_the_tick()
    {
        Gen.Select(Gen.Long[-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay], Gen.ULong).Sample((ticks, origin) =>
        {
            var duration = new TimeSpan(ticks);
            var start = new NtpTime(origin);
            Assert.Equal(duration, start.Add(duration).Since(start));
        });
    }

    [Fact]
    public void Compact_durations_keep_a_65536th_of_a_second_and_clamp()
    {
        Assert.Equal(0x0001_8000u, NtpTime.ToCompact(TimeSpan.FromSeconds(1.5)));
        Assert.Equal(TimeSpan.FromSeconds(1.5), NtpTime.FromCompact(0x0001_8000));
        Assert.Equal(0u, NtpTime.ToCompact(TimeSpan.FromSeconds(-1)));
        Assert.Equal(uint.MaxValue, NtpTime.ToCompact(TimeSpan.FromDays(2)));
    }
}
