using CsCheck;
using Parley.Media.Framing;

namespace Parley.Media.Tests.Framing;

public sealed class FrameQueueTests
{
    [Fact]
    public void A_datagram_goes_in_whole_or_not_at_all()
    {
        var queue = new FrameQueue(10);
        Assert.True(queue.TryAdd([1, 2, 3]));
        Assert.False(queue.TryAdd([4, 5, 6, 7]));
        Assert.True(queue.TryAdd([4, 5, 6]));
        Assert.Equal(10, queue.Length);
        Assert.False(queue.TryAdd([]));
        Assert.Equal([0, 3, 1, 2, 3, 0, 3, 4, 5, 6], queue.Peek(100).ToArray());
    }

    [Fact]
    public void What_is_reserved_is_left_for_what_is_worth_more()
    {
        var queue = new FrameQueue(20);
        Assert.True(queue.TryAdd(new byte[8], reserve: 10));
        Assert.False(queue.TryAdd([1], reserve: 10));
        Assert.True(queue.TryAdd([1]));
    }

    [Fact]
    public void One_longer_than_a_reader_takes_is_refused() =>
        Assert.False(new FrameQueue(10_000).TryAdd(new byte[FrameReader.MaxFrameLength + 1]));

    [Fact]
    public void More_than_there_is_cannot_be_taken() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameQueue(10).Take(1));

    /// <summary>Against a plain list, with sends that take any part of what waits.</summary>
    [Fact]
    public void What_comes_out_is_what_went_in_whatever_is_taken_when() =>
        Gen.Select(Gen.Int[40, 300], Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 200]).Array[0, 60]).Sample((capacity, steps) =>
        {
            var queue = new FrameQueue(capacity);
            var (accepted, stream) = (new List<byte[]>(), new List<byte>());
            foreach (var (datagram, take) in steps)
            {
                var fits = queue.Length + 2 + datagram.Length <= capacity;
                Assert.Equal(fits, queue.TryAdd(datagram));
                if (fits) accepted.Add(datagram);
                var part = queue.Peek(take);
                Assert.True(part.Length > 0 == (take > 0 && queue.Length > 0));
                stream.AddRange(part.ToArray());
                queue.Take(part.Length);
            }

            while (queue.Length > 0)
            {
                var part = queue.Peek(17);
                stream.AddRange(part.ToArray());
                queue.Take(part.Length);
            }

            Assert.Equal(accepted.Where(frame => frame.Length > 0), Frames.Feed(new FrameReader(), stream.ToArray(), out _));
        });

    [Fact]
    public void Adding_and_taking_allocate_nothing()
    {
        var queue = new FrameQueue(1_000);
        var datagram = new byte[700];
        var before = 0L;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100) before = GC.GetAllocatedBytesForCurrentThread();
            queue.TryAdd(datagram);
            while (queue.Length > 0) queue.Take(queue.Peek(512).Length);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
