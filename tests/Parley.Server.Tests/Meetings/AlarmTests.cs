using Microsoft.Extensions.Time.Testing;
using Parley.Server.Meetings;

namespace Parley.Server.Tests.Meetings;

public sealed class AlarmTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Fact]
    public void Rings_once_at_its_time_however_far_away()
    {
        var rings = 0;
        using var alarm = Alarm.Set(_time, _time.GetUtcNow().AddDays(400).AddHours(5), () => rings++);
        for (var day = 0; day < 400; day++) _time.Advance(TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromHours(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, rings);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, rings);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, rings);
    }

    [Fact]
    public void One_that_is_past_rings_at_once_and_one_that_is_put_away_never()
    {
        var rings = 0;
        using var past = Alarm.Set(_time, DateTimeOffset.MinValue, () => rings++);
        var off = Alarm.Set(_time, _time.GetUtcNow().AddHours(1), () => rings += 10);
        _time.Advance(TimeSpan.FromMinutes(1));
        off.Dispose();
        _time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, rings);
    }
}
