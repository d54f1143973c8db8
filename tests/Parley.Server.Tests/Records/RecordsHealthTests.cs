using Microsoft.Extensions.Time.Testing;
using Parley.Server.Records;
using Parley.Server.Tests.Meetings;

namespace Parley.Server.Tests.Records;

public sealed class RecordsHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryRecords _records = new();

    [Fact]
    public async Task They_are_written_to_find_out_and_not_for_every_question()
    {
        var health = new RecordsHealth(_records, _time);
        Assert.True(await health.CanWriteAsync());
        _records.Failing = true;
        Assert.True(await health.CanWriteAsync());

        _time.Advance(RecordsHealth.Fresh);
        Assert.False(await health.CanWriteAsync());
        _records.Failing = false;
        Assert.False(await health.CanWriteAsync());

        _time.Advance(RecordsHealth.Fresh);
        Assert.True(await health.CanWriteAsync());
    }

    [Fact]
    public async Task A_disk_that_hangs_is_not_ready_and_is_asked_once()
    {
        var disk = new TaskCompletionSource();
        var waiting = 0;
        _records.Hold = _ =>
        {
            waiting++;
            return disk.Task;
        };
        var health = new RecordsHealth(_records, _time);
        var first = health.CanWriteAsync();
        _time.Advance(RecordsHealth.Patience);
        Assert.False(await first.Soon());
        _time.Advance(RecordsHealth.Fresh);
        var second = health.CanWriteAsync();
        Assert.Equal(1, waiting);

        disk.SetResult();

        Assert.True(await second.Soon());
    }
}
