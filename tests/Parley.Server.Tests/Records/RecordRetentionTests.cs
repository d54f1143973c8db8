using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Parley.Protocol;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;
using static Parley.Server.Tests.Records.RecordsFixture;

namespace Parley.Server.Tests.Records;

public sealed class RecordRetentionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meetings_are_kept_for_the_days_that_are_set_and_looked_for_every_hour()
    {
        using var kept = new TemporaryRecords();
        await using var records = kept.Open();
        foreach (var day in Enumerable.Range(0, 3))
        {
            await records.CreateAsync($"day{day}", Start.AddDays(day));
            await records.MeetingEndedAsync($"day{day}", EndReason.LastLeft, null, Start.AddDays(day));
        }
        var time = new FakeTimeProvider(Start.AddDays(7).AddMinutes(30));
        using var retention = Retention(records, time, days: 7);
        await retention.StartAsync(Cancellation);
        await UntilAsync(records, ["day2", "day1"]);

        // Half an hour before the next falls due it is looked at, and again an hour later.
        time.Advance(TimeSpan.FromHours(23));
        await UntilAsync(records, ["day2", "day1"]);
        time.Advance(TimeSpan.FromHours(1));
        await UntilAsync(records, ["day2"]);
        await retention.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_deletion_that_fails_is_tried_again_an_hour_later()
    {
        var records = new InMemoryRecords();
        await records.CreateAsync("old");
        await records.MeetingEndedAsync("old", EndReason.LastLeft, null, Start);
        var tries = 0;
        records.Hold = _ => Interlocked.Increment(ref tries) == 1 ? Task.FromException(new IOException("The disk is full.")) : null;
        var time = new FakeTimeProvider(Start.AddDays(8));
        using var retention = Retention(records, time, days: 7);
        await retention.StartAsync(Cancellation);
        while (Volatile.Read(ref tries) == 0) await Task.Yield();
        Assert.NotNull(await records.ReadAsync("old", Cancellation));

        time.Advance(TimeSpan.FromHours(1));

        await UntilAsync(records, []);
    }

    [Fact]
    public async Task For_ever_is_what_is_set_without_days()
    {
        using var kept = new TemporaryRecords();
        await using var records = kept.Open();
        await records.CreateAsync("old");
        await records.MeetingEndedAsync("old", EndReason.LastLeft, null, Start);
        using var retention = Retention(records, new FakeTimeProvider(Start.AddYears(50)), days: 0);

        await retention.StartAsync(Cancellation);

        await retention.ExecuteTask!.Soon();
        Assert.Single(await records.ListAsync(null, 10, true, Cancellation));
    }

    private static RecordRetention Retention(IMeetingRecords records, FakeTimeProvider time, int days) =>
        new(records, new ParleyOptions { Records = { RetentionDays = days } }, time, NullLogger<RecordRetention>.Instance);

    private static async Task UntilAsync(IMeetingRecords records, string[] ids)
    {
        while (!(await records.ListAsync(null, 10, true, Cancellation)).Select(m => m.Id).SequenceEqual(ids)) await Task.Yield();
    }
}
