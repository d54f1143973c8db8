using CsCheck;
using Parley.Media.Rtp;
using Parley.Media.Video;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class SyntheticVp8Tests
{
    [Fact]
    public void The_engine_sees_keyframes_and_others_and_the_clock_comes_through_in_the_first_packet_alone() =>
        Gen.Select(Gen.Int[10, 10_000], Gen.Int[1, 60], Gen.Bool.Array[1, 10], Gen.UInt, Gen.UInt, Gen.Long).Sample(
            (bitrate, fps, keyframes, run, sender, sentAt) =>
            {
                var camera = new SyntheticVp8(bitrate, fps, seed: 3);
                var payload = new byte[Vp8Packetizer.DefaultMaxPayloadLength];
                foreach (var (number, keyframe) in keyframes.Index())
                {
                    var clock = new FrameClock(run, sender, sentAt + number);
                    var frame = camera.Next(keyframe, clock);
                    Assert.True(Vp8FrameTag.TryParse(frame, out var tag));
                    Assert.Equal((keyframe, true), (tag.IsKeyframe, tag.IsShown));

                    var packets = new Vp8Packetizer(frame, (ushort)number);
                    for (var isFirst = true; packets.TryNext(payload, out var length, out _); isFirst = false)
                    {
                        Assert.True(Vp8PayloadDescriptor.TryParse(payload.AsSpan(0, length), out var descriptor));
                        Assert.Equal((isFirst, isFirst && keyframe), (descriptor.StartsFrame, descriptor.IsKeyFrame));
                        Assert.Equal(isFirst, FrameClock.TryRead(payload.AsSpan(0, length), out var read));
                        if (isFirst) Assert.Equal(clock, read);
                    }
                }
            });

    [Fact]
    public void Lengths_vary_around_the_bitrate_and_a_keyframe_is_five_times_as_long()
    {
        var camera = new SyntheticVp8(300, 15, seed: 1);
        var lengths = Enumerable.Range(0, 2_000).Select(_ => (double)camera.Next(keyframe: false, default).Length).ToArray();
        Assert.InRange(lengths.Average(), 2_400, 2_600);
        Assert.True(lengths.Min() >= 1_250 && lengths.Max() <= 3_750 && lengths.Distinct().Count() > 100);
        Assert.InRange(Enumerable.Range(0, 2_000).Average(_ => camera.Next(keyframe: true, default).Length), 12_000, 13_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_frames_and_another_one_others()
    {
        var (one, same, other) = (new SyntheticVp8(300, 15, 7), new SyntheticVp8(300, 15, 7), new SyntheticVp8(300, 15, 8));
        var frame = one.Next(true, default).ToArray();
        Assert.True(frame.AsSpan().SequenceEqual(same.Next(true, default)));
        Assert.False(frame.AsSpan().SequenceEqual(other.Next(true, default)));
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        var camera = new SyntheticVp8(300, 15, seed: 1);
        camera.Next(true, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) camera.Next(i % 10 == 0, new FrameClock(1, 2, i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        _ = FrameClock.TryRead(bytes, out _);
        return true;
    });

    [Fact]
    public void The_clock_goes_on() => Assert.True(FrameClock.Now is > 0 and var first && FrameClock.Now >= first);
}
