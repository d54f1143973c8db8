using CsCheck;
using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

public sealed class PcmQueueTests
{
    private static readonly TimeSpan Hundred = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Samples_come_out_in_order_whatever_the_steps()
    {
        Gen.Select(Gen.Int[1, 1500], Gen.Int[1, 1500], Gen.Bool).Array[1, 60].Sample(steps =>
        {
            var queue = new PcmQueue(TimeSpan.FromSeconds(2));
            var (written, read) = (0, 0);
            foreach (var (write, take, _) in steps)
            {
                queue.Write(Enumerable.Range(written, write).Select(i => (float)i).ToArray());
                written += write;
                var samples = new float[take];
                if (!queue.TryRead(samples)) continue;
                Assert.Equal(Enumerable.Range(read, take).Select(i => (float)i), samples);
                read += take;
            }

            Assert.Equal(0, queue.Dropped);
            Assert.Equal(written - read, (int)Math.Round(queue.Delay.TotalSeconds * 48_000));
        });
    }

    [Fact]
    public void Delay_stays_bounded_and_the_newest_is_kept()
    {
        var queue = new PcmQueue(Hundred);
        for (var i = 0; i < 10; i++) queue.Write(Frame(i));

        // The sixth did not fit into five: half of 100 ms was left with it. Two more fitted, the ninth did not.
        Assert.InRange(queue.Delay, TimeSpan.FromMilliseconds(50), Hundred);
        var frame = new float[AudioFormat.FrameSamples];
        var last = 0f;
        var read = 0;
        for (; queue.TryRead(frame); read += frame.Length) last = frame[^1];
        Assert.Equal(9f, last);
        var rest = (int)Math.Round(queue.Delay.TotalSeconds * 48_000);
        Assert.Equal(9600, queue.Dropped + read + rest);
        Assert.InRange(queue.Dropped, 4800, 7200);
    }

    [Fact]
    public void More_at_once_than_it_holds_leaves_its_end()
    {
        var queue = new PcmQueue(Hundred);
        queue.Write(Frame(1));
        queue.Write(Enumerable.Range(0, 10_000).Select(i => (float)i).ToArray());
        var rest = new float[4800];
        Assert.True(queue.TryRead(rest));
        Assert.Equal(5200f, rest[0]);
        Assert.Equal(9999f, rest[^1]);
        Assert.Equal(960 + 5200, queue.Dropped);
    }

    [Fact]
    public void Begins_and_begins_again_only_with_enough_to_go_on()
    {
        var queue = new PcmQueue(Hundred, TimeSpan.FromMilliseconds(40));
        var frame = new float[AudioFormat.FrameSamples];
        queue.Write(Frame(1));
        Assert.False(queue.TryRead(frame));
        queue.Write(Frame(2));
        Assert.True(queue.TryRead(frame));
        Assert.True(queue.TryRead(frame));
        Assert.False(queue.TryRead(frame));
        queue.Write(Frame(3));
        Assert.False(queue.TryRead(frame));
        queue.Write(Frame(4));
        Assert.True(queue.TryRead(frame));
        Assert.Equal(3f, frame[0]);
    }

    [Fact]
    public void The_rest_is_filled_up_with_silence_when_no_more_comes()
    {
        var queue = new PcmQueue(Hundred, TimeSpan.FromMilliseconds(40));
        queue.Write(new float[] { 1, 2, 3 });
        queue.Complete();
        queue.Write(Frame(9));
        var frame = new float[AudioFormat.FrameSamples];
        Assert.True(queue.TryRead(frame));
        Assert.Equal([1f, 2f, 3f, 0f], frame[..4]);
        Assert.False(queue.TryRead(frame));
        Assert.Equal(0, queue.ReadOrWait(frame));
        Assert.False(queue.WriteOrWait(frame));
    }

    [Fact]
    public async Task Who_can_wait_loses_nothing()
    {
        var queue = new PcmQueue(Hundred);
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 500; i++) Assert.True(queue.WriteOrWait(Frame(i)));
                queue.Complete();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var samples = new float[700];
        long sample = 0;
        for (var read = queue.ReadOrWait(samples); read > 0; read = queue.ReadOrWait(samples))
        {
            for (var i = 0; i < read; i++) Assert.Equal(sample++ / 960, samples[i]);
        }

        await writer;
        Assert.Equal(500 * 960, sample);
        Assert.Equal(0, queue.Dropped);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_frame()
    {
        var queue = new PcmQueue(Hundred);
        var frame = new float[AudioFormat.FrameSamples];
        queue.Write(frame);
        queue.TryRead(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            queue.Write(frame);
            queue.TryRead(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Frame(int value)
    {
        var frame = new float[AudioFormat.FrameSamples];
        Array.Fill(frame, value);
        return frame;
    }
}
