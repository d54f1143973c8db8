using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class AudioInboxTests
{
    [Fact]
    public void What_is_written_is_read_in_order()
    {
        var inbox = new AudioInbox();
        Assert.True(inbox.TryWrite(7, 960, TimeSpan.FromSeconds(1), [1, 2, 3]));
        inbox.Restart();
        Assert.True(inbox.TryWrite(8, 1_920, TimeSpan.FromSeconds(2), [4]));

        Assert.True(inbox.TryPeek(out var first));
        Assert.Equal((7L, 960L, 1.0, 0), (first.Sequence, first.Timestamp, first.Arrival.TotalSeconds, first.Generation));
        Assert.Equal([1, 2, 3], first.Payload.ToArray());
        inbox.Release();
        Assert.True(inbox.TryPeek(out var second));
        Assert.Equal((8L, 1), (second.Sequence, second.Generation));
        Assert.Equal([4], second.Payload.ToArray());
        inbox.Release();
        Assert.False(inbox.TryPeek(out _));
    }

    [Fact]
    public void A_full_inbox_refuses_and_counts()
    {
        var inbox = new AudioInbox();
        for (var i = 0; i < AudioInbox.Capacity; i++) Assert.True(inbox.TryWrite(i, i, TimeSpan.Zero, [1]));

        Assert.False(inbox.TryWrite(64, 64, TimeSpan.Zero, [1]));
        Assert.Equal(1, inbox.Overflows);

        Assert.True(inbox.TryPeek(out var packet));
        Assert.Equal(0, packet.Sequence);
        inbox.Release();
        Assert.True(inbox.TryWrite(65, 65, TimeSpan.Zero, [1]));
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var inbox = new AudioInbox();
        var written = 0;
        while (inbox.TryWrite(written, written, TimeSpan.Zero, new byte[1_500])) written++;

        Assert.Equal(AudioInbox.Bytes / 1_500, written);
        Assert.Equal(1, inbox.Overflows);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(inbox.TryPeek(out var packet));
            Assert.Equal((i, 1_500), (packet.Sequence, packet.Payload.Length));
            inbox.Release();

            // One out may be one too few to have room in one piece at the end of the ring.
            while (inbox.TryWrite(written, written, TimeSpan.Zero, new byte[1_500])) written++;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_501)]
    public void A_payload_of_impossible_size_is_refused(int size)
    {
        var inbox = new AudioInbox();

        Assert.False(inbox.TryWrite(1, 1, TimeSpan.Zero, new byte[size]));
        Assert.Equal(1, inbox.Refused);
        Assert.False(inbox.TryPeek(out _));
    }

    [Fact]
    public async Task Two_threads_pass_packets_whole_and_in_order()
    {
        const int packets = 50_000;
        var inbox = new AudioInbox();
        var cancel = TestContext.Current.CancellationToken;
        var writer = Task.Factory.StartNew(
            () =>
            {
                var payload = new byte[1_500];
                for (var i = 0; i < packets && !cancel.IsCancellationRequested;)
                {
                    payload.AsSpan().Fill((byte)i);
                    if (inbox.TryWrite(i, i * 960L, TimeSpan.FromTicks(i), payload.AsSpan(0, 1 + (i * 7 % 1_500)))) i++;
                    else Thread.Yield();
                }
            },
            cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        for (var i = 0; i < packets && !cancel.IsCancellationRequested;)
        {
            if (!inbox.TryPeek(out var packet))
            {
                Thread.Yield();
                continue;
            }

            var isWhole = packet.Sequence == i
                && packet.Timestamp == i * 960L
                && packet.Payload.Length == 1 + (i * 7 % 1_500)
                && !packet.Payload.ContainsAnyExcept((byte)i);
            inbox.Release();
            Assert.True(isWhole, $"packet {i}");
            i++;
        }

        await writer;
        Assert.False(inbox.TryPeek(out _));
    }
}
