using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

public sealed class VideoFrameBufferTests
{
    [Fact]
    public void Gives_frames_whole_and_in_order()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 5));
        receiver.Insert(sender.Cut(1, isKeyframe: false, 1));
        receiver.Insert(sender.Cut(2, isKeyframe: false, 3));
        Assert.Equal([0, 1, 2], receiver.Frames);
        Assert.Equal(
            [new AssembledFrame(0, true, 1000, 1004), new(3000, false, 1005, 1005), new(6000, false, 1006, 1008)], receiver.Infos);
        Assert.Equal(FrameCutter.Frame(0, true, 500), receiver.Bytes[0]);
        Assert.Equal(0, receiver.Buffer.HeldPackets);
        Assert.Equal(TimeSpan.MaxValue, receiver.Buffer.NextDeadline);
    }

    [Fact]
    public void Begins_at_a_keyframe_and_asks_for_one_when_none_comes()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: false, 2));
        Assert.Equal(0, receiver.KeyframesAsked);
        receiver.Pass(200);
        Assert.Equal(1, receiver.KeyframesAsked);
        receiver.Insert(sender.Cut(1, isKeyframe: false, 2));
        receiver.Insert(sender.Cut(2, isKeyframe: true, 4));
        receiver.Insert(sender.Cut(3, isKeyframe: false, 1));
        Assert.Equal([2, 3], receiver.Frames);
        Assert.Equal(4, receiver.Buffer.Statistics.Dropped);
    }

    [Fact]
    public void Asks_again_while_packets_come_but_no_keyframe_and_not_while_nothing_comes()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        for (var i = 0; i < 20; i++)
        {
            receiver.Insert(sender.Cut(i, isKeyframe: false, 1));
            receiver.Pass(100);
        }

        Assert.Equal(4, receiver.KeyframesAsked);
        receiver.Pass(600);
        var asked = receiver.KeyframesAsked;
        receiver.Pass(60_000);
        Assert.Equal(asked, receiver.KeyframesAsked);
    }

    [Fact]
    public void A_gap_that_is_filled_in_time_costs_no_frame()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        var lost = sender.Cut(1, isKeyframe: false, 3);
        receiver.Insert([lost[0], lost[2]]);
        receiver.Insert(sender.Cut(2, isKeyframe: false, 2));
        Assert.Equal([0], receiver.Frames);
        receiver.Pass(199);
        receiver.Insert(lost[1]);
        Assert.Equal([0, 1, 2], receiver.Frames);
        Assert.Equal(0, receiver.KeyframesAsked);
        Assert.Equal((1, 0), (receiver.Buffer.Statistics.Mended, receiver.Buffer.Statistics.GivenUp));
    }

    [Fact]
    public void A_gap_that_is_not_filled_ends_in_a_request_and_goes_on_at_the_keyframe()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        var lost = sender.Cut(1, isKeyframe: false, 3);
        receiver.Insert([lost[0], lost[2]]);
        receiver.Insert(sender.Cut(2, isKeyframe: false, 2));
        Assert.Equal(TimeSpan.FromMilliseconds(200), receiver.Buffer.NextDeadline);
        receiver.Pass(199);
        Assert.Equal(0, receiver.KeyframesAsked);
        receiver.Pass(1);
        Assert.Equal(1, receiver.KeyframesAsked);
        Assert.True(receiver.Buffer.IsWaitingForKeyframe);
        Assert.Equal(VideoInsertResult.Late, receiver.Insert(lost[1]));
        receiver.Insert(sender.Cut(3, isKeyframe: false, 2));
        receiver.Insert(sender.Cut(4, isKeyframe: true, 2));
        receiver.Insert(sender.Cut(5, isKeyframe: false, 2));
        Assert.Equal([0, 4, 5], receiver.Frames);
        Assert.Equal(1, receiver.Buffer.Statistics.GivenUp);
    }

    [Fact]
    public void A_keyframe_already_there_when_a_gap_is_given_up_is_taken_without_asking()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        sender.Cut(1, isKeyframe: false, 3);
        receiver.Insert(sender.Cut(2, isKeyframe: false, 2));
        receiver.Insert(sender.Cut(3, isKeyframe: true, 2));
        receiver.Pass(200);
        Assert.Equal([0, 3], receiver.Frames);
        Assert.Equal(0, receiver.KeyframesAsked);
    }

    [Fact]
    public void Each_gap_is_waited_for_from_when_it_was_seen()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        var first = sender.Cut(1, isKeyframe: false, 1);
        receiver.Insert(sender.Cut(2, isKeyframe: false, 1));
        receiver.Pass(100);
        sender.Cut(3, isKeyframe: false, 1);
        receiver.Insert(sender.Cut(4, isKeyframe: false, 1));
        receiver.Pass(90);
        receiver.Insert(first);
        Assert.Equal([0, 1, 2], receiver.Frames);
        Assert.Equal(TimeSpan.FromMilliseconds(300), receiver.Buffer.NextDeadline);
    }

    [Fact]
    public void A_frame_that_stops_where_another_begins_is_not_given()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        var cut = sender.Cut(1, isKeyframe: false, 3);
        receiver.Insert(cut[..2]);
        sender.NextSequence -= 1;
        receiver.Insert(sender.Cut(2, isKeyframe: true, 2));
        receiver.Insert(sender.Cut(3, isKeyframe: false, 1));
        Assert.Equal([0, 2, 3], receiver.Frames);
        Assert.Equal(0, receiver.KeyframesAsked);
    }

    [Fact]
    public void A_lost_end_with_nothing_after_it_is_asked_about_once_and_may_still_come()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        var frame = sender.Cut(1, isKeyframe: false, 3);
        receiver.Insert(frame[..2]);
        receiver.Pass(10_000);
        Assert.Equal(1, receiver.KeyframesAsked);
        receiver.Insert(frame[2]);
        Assert.Equal([0, 1], receiver.Frames);
    }

    [Fact]
    public void A_lost_end_is_left_behind_at_once_when_the_keyframe_comes()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        receiver.Insert(sender.Cut(1, isKeyframe: false, 3)[..2]);
        receiver.Pass(1000);
        receiver.Insert(sender.Cut(2, isKeyframe: true, 3));
        Assert.Equal([0, 2], receiver.Frames);
    }

    [Fact]
    public void A_keyframe_with_a_gap_is_waited_for_and_then_asked_for_again()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        var key = sender.Cut(0, isKeyframe: true, 4);
        receiver.Insert([key[0], key[1], key[3]]);
        receiver.Insert(sender.Cut(1, isKeyframe: false, 1));
        receiver.Pass(500);
        Assert.Equal(1, receiver.KeyframesAsked);
        receiver.Insert(sender.Cut(2, isKeyframe: true, 4));
        Assert.Equal([2], receiver.Frames);
    }

    [Fact]
    public void Padding_between_frames_is_no_gap()
    {
        using var receiver = new BufferHarness();
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 2));
        receiver.Insert([sender.Padding(), sender.Padding()]);
        receiver.Insert(sender.Cut(1, isKeyframe: false, 2));
        Assert.Equal([0, 1], receiver.Frames);
        Assert.Equal(0, receiver.Buffer.HeldPackets);
    }

    [Fact]
    public void Says_what_a_packet_was()
    {
        using var receiver = new BufferHarness();
        var packets = new FrameCutter().Cut(0, isKeyframe: true, 2);
        Assert.Equal(VideoInsertResult.Accepted, receiver.Insert(packets[1]));
        Assert.Equal(VideoInsertResult.Duplicate, receiver.Insert(packets[1]));
        Assert.Equal(VideoInsertResult.Accepted, receiver.Insert(packets[0]));
        Assert.Equal(VideoInsertResult.Late, receiver.Insert(packets[0]));
        Assert.Equal(VideoInsertResult.Malformed, receiver.Insert(new Packet(1002, 0, true, [0x90, 0x80])));
        Assert.Equal(VideoInsertResult.Malformed, receiver.Insert(new Packet(1002, 0, true, [0x10])));
        Assert.Equal(VideoInsertResult.Malformed, receiver.Insert(new Packet(1002, 0, true, new byte[2050])));
        Assert.Equal(
            (1, 1, 3), (receiver.Buffer.Statistics.Duplicates, receiver.Buffer.Statistics.Late, receiver.Buffer.Statistics.Malformed));
    }

    [Fact]
    public void A_gap_wider_than_the_window_is_given_up_at_once()
    {
        using var receiver = new BufferHarness(maxPackets: 64);
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        sender.Cut(1, isKeyframe: false, 1);
        for (var i = 2; i < 70; i++) receiver.Insert(sender.Cut(i, isKeyframe: false, 1));
        Assert.Equal(64, receiver.Buffer.HeldPackets);
        receiver.Insert(sender.Cut(70, isKeyframe: true, 3));
        Assert.Equal([0, 70], receiver.Frames);
    }

    [Fact]
    public void The_stream_may_jump_ahead_by_any_distance()
    {
        using var receiver = new BufferHarness(maxPackets: 64);
        var sender = new FrameCutter();
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1));
        sender.NextSequence += 1L << 40;
        receiver.Insert(sender.Cut(1, isKeyframe: true, 40));
        receiver.Insert(sender.Cut(2, isKeyframe: false, 40));
        Assert.Equal([0, 1, 2], receiver.Frames);
    }

    [Fact]
    public void Memory_is_bounded_and_goes_back_to_its_pool()
    {
        var receiver = new BufferHarness();
        var sender = new FrameCutter(maxPayloadLength: 1500);
        receiver.Insert(sender.Cut(0, isKeyframe: true, 1000));
        sender.NextSequence++;
        for (var i = 1; i < 3000; i++) receiver.Insert(sender.Cut(i, isKeyframe: false, 1));
        Assert.InRange(receiver.Pool.MissingBytes, 1, 5 << 20);
        receiver.Dispose();
        Assert.Equal(0, receiver.Pool.Missing);
        receiver.Dispose();
    }

    [Fact]
    public void Another_stream_begins_anew_after_a_reset()
    {
        using var receiver = new BufferHarness();
        receiver.Insert(new FrameCutter(50_000).Cut(0, isKeyframe: true, 3));
        receiver.Buffer.Reset();
        Assert.True(receiver.Buffer.IsWaitingForKeyframe);
        receiver.Insert(new FrameCutter(10).Cut(1, isKeyframe: true, 3));
        Assert.Equal([0, 1], receiver.Frames);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(50, 200)]
    [InlineData(300, 500)]
    [InlineData(10_000_000, 500)]
    [InlineData(-5, 100)]
    public void Waits_two_round_trips_and_a_little_but_never_longer_than_the_bound(int roundTrip, int wait)
    {
        using var buffer = new VideoFrameBuffer();
        buffer.SetRoundTripTime(TimeSpan.FromMilliseconds(roundTrip));
        Assert.Equal(TimeSpan.FromMilliseconds(wait), buffer.MaxWait);
    }

    [Fact]
    public void Cutting_and_joining_allocate_nothing()
    {
        using var buffer = new VideoFrameBuffer();
        var frame = FrameCutter.Frame(1, isKeyframe: true, 20_000);
        var (first, second) = (new byte[Vp8Packetizer.DefaultMaxPayloadLength], new byte[Vp8Packetizer.DefaultMaxPayloadLength]);
        long sequence = 0;
        var given = 0;
        void Round(int round)
        {
            // Each second packet overtakes the one before it, so that both ways through the buffer are gone.
            var packetizer = new Vp8Packetizer(frame, (ushort)round);
            while (packetizer.TryNext(first, out var firstLength, out var isLast))
            {
                if (packetizer.TryNext(second, out var secondLength, out var isSecondLast))
                    buffer.Insert(sequence + 1, round, isSecondLast, second.AsSpan(0, secondLength), TimeSpan.Zero);
                buffer.Insert(sequence, round, isLast, first.AsSpan(0, firstLength), TimeSpan.Zero);
                sequence += secondLength > 0 ? 2 : 1;
            }

            while (buffer.TryTake(out _, out _)) given++;
        }

        for (var i = 0; i < 100; i++) Round(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 1100; i++) Round(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1100, given);
    }
}
