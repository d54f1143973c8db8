using CsCheck;
using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Forwarding;

public sealed class StreamRewriterTests
{
    private const uint Ssrc = 0xABCD;
    private const byte PayloadType = 101;
    private const int RunsKept = 8;

    // Near the wrap-around of each field half of the time.
    private static readonly Gen<int> FirstSequence = Gen.OneOf(Gen.Int[65_500, 65_535], Gen.Int[0, 65_535]);
    private static readonly Gen<uint> FirstTimestamp = Gen.OneOf(Gen.UInt[uint.MaxValue - 20_000, uint.MaxValue], Gen.UInt);
    private static readonly Gen<int> FirstPictureId = Gen.OneOf(Gen.Int[32_740, 32_767], Gen.Int[0, 32_767]);

    private static readonly Gen<Camera> AnyCamera =
        Gen.Select(FirstSequence, FirstTimestamp, FirstPictureId, Gen.Byte, (s, t, p, l) => new Camera(s, t, p, l));

    private static readonly Gen<Run> AnyRun = Gen.Select(
        Gen.Int[0, 2], Gen.Int[1, 12], Gen.Int[1, 4], Gen.Int[0, 300], Gen.Int, Gen.Int[0, 2_000],
        (source, frames, packets, skipped, order, pause) => new Run(source, frames, packets, skipped, order, TimeSpan.FromMilliseconds(pause)));

    private static readonly Gen<Script> AnyScript =
        Gen.Select(AnyCamera.Array[3], AnyRun.Array[1, 12], Gen.Int, Gen.Bool, (c, r, seed, longIds) => new Script(c, r, seed, longIds));

    [Fact]
    public void Any_runs_of_any_sources_are_one_stream() => AnyScript.Sample(script =>
    {
        var played = Play(script);
        var packets = played.Sent.OrderBy(sent => sent.Sequence).ToList();
        var mask = script.LongIds ? 0x7FFF : 0x7F;
        for (var i = 1; i < packets.Count; i++)
        {
            var (before, after) = (packets[i - 1], packets[i]);
            Assert.Equal(before.Sequence + 1, after.Sequence);
            Assert.True(RtpPacket.TryParse(before.Bytes, out var one));
            Assert.True(RtpPacket.TryParse(after.Bytes, out var two));
            Assert.Equal((ushort)after.Sequence, two.SequenceNumber);
            Assert.Equal((Ssrc, PayloadType), (two.Ssrc, two.PayloadType));
            var (first, second) = (Vp8Packets.Describe(in one), Vp8Packets.Describe(in two));
            if (before.Frame == after.Frame)
            {
                Assert.Equal((one.Timestamp, first.PictureId, first.Tl0PicIdx), (two.Timestamp, second.PictureId, second.Tl0PicIdx));
                continue;
            }

            Assert.True((int)(two.Timestamp - one.Timestamp) > 0, "timestamps grow from frame to frame");
            Assert.Equal((first.PictureId + 1) & mask, second.PictureId);
            Assert.Equal((byte)(first.Tl0PicIdx + 1), second.Tl0PicIdx);
        }
    });

    [Fact]
    public void A_packet_sent_before_is_written_again_byte_for_byte_while_it_is_kept() => AnyScript.Sample(script =>
    {
        var played = Play(script);
        var buffer = new byte[1_500];
        var oldestRun = script.Runs.Length - RunsKept;
        foreach (var sent in played.Sent)
        {
            var length = WriteAgain(played.Rewriter, (ushort)sent.Sequence, played.Now, buffer);
            var encoding = played.Cameras[sent.Source].Encoding;
            if (sent.Run < oldestRun || sent.Sequence <= played.Rewriter.HighestSequence - StreamRewriter.History
                || !encoding.Cache.TryGet(sent.SourceSequence, played.Now, out _))
            {
                Assert.Equal(0, length);
                continue;
            }

            Assert.Equal(sent.Bytes, buffer[..length]);
        }

        var (first, last) = (played.Sent.Min(sent => sent.Sequence), played.Sent.Max(sent => sent.Sequence));
        for (var i = 1; i < 50; i++)
        {
            Assert.Equal(0, WriteAgain(played.Rewriter, (ushort)(last + i), played.Now, buffer));
            Assert.Equal(0, WriteAgain(played.Rewriter, (ushort)(first - i), played.Now, buffer));
        }
    });

    [Fact]
    public void A_packet_from_before_the_run_is_dropped()
    {
        var camera = new FakeCamera(1);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var early = camera.Frame(key: false);
        var keyframe = camera.Frame(key: true);
        Begin(rewriter, camera, keyframe[0], TimeSpan.Zero);

        Assert.True(Write(rewriter, camera, keyframe[0], TimeSpan.Zero, out var highest) > 0);
        Assert.Equal(0, Write(rewriter, camera, early[1], TimeSpan.Zero, out _));
        Assert.Equal(highest, rewriter.HighestSequence);
    }

    [Fact]
    public void What_is_forgotten_or_too_old_is_not_written_again()
    {
        var camera = new FakeCamera(1);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var keyframe = camera.Frame(key: true);
        camera.Deliver(keyframe, TimeSpan.Zero);
        Begin(rewriter, camera, keyframe[0], TimeSpan.Zero);
        Write(rewriter, camera, keyframe[0], TimeSpan.Zero, out var sequence);
        var buffer = new byte[1_500];

        Assert.True(WriteAgain(rewriter, (ushort)sequence, RtpPacketCache.DefaultMaxAge, buffer) > 0);
        Assert.Equal(0, WriteAgain(rewriter, (ushort)sequence, RtpPacketCache.DefaultMaxAge + TimeSpan.FromTicks(1), buffer));
        rewriter.Forget(camera.Encoding);
        Assert.Equal(0, WriteAgain(rewriter, (ushort)sequence, TimeSpan.Zero, buffer));
    }

    [Fact]
    public void A_packet_that_does_not_fit_is_not_written()
    {
        var camera = new FakeCamera(1);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var keyframe = camera.Frame(key: true);
        Begin(rewriter, camera, keyframe[0], TimeSpan.Zero);

        Assert.Equal(0, Write(rewriter, camera, keyframe[0], TimeSpan.Zero, out _, new byte[30]));
    }

    /// <summary>A slot may be paused over night: to a receiver a step of half the clock's range would be one backwards.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(24 * 200)]
    public void After_a_long_pause_time_still_goes_forward(int hours)
    {
        var (one, two) = (new FakeCamera(1), new FakeCamera(2));
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var before = one.Frame(key: true)[0];
        var after = two.Frame(key: true)[0];
        var buffer = new byte[1_500];
        Begin(rewriter, one, before, TimeSpan.Zero);
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, Write(rewriter, one, before, TimeSpan.Zero, out _, buffer)), out var packet));
        var first = packet.Timestamp;
        Begin(rewriter, two, after, TimeSpan.FromHours(hours));
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, Write(rewriter, two, after, TimeSpan.FromHours(hours), out _, buffer)), out packet));

        Assert.True((int)(packet.Timestamp - first) >= 3_000, $"{first} then {packet.Timestamp}");
    }

    [Fact]
    public void What_comes_late_of_a_layer_that_was_left_out_keeps_out()
    {
        var camera = new FakeCamera(1);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var keyframe = camera.Frame(key: true, packets: 1);
        var left = camera.Frame(key: false, packets: 3, temporal: 2);
        var kept = camera.Frame(key: false, packets: 2);
        Begin(rewriter, camera, keyframe[0], TimeSpan.Zero);

        Assert.True(Write(rewriter, camera, keyframe[0], TimeSpan.Zero, out _) > 0);
        Assert.Equal(0, Write(rewriter, camera, left[1], TimeSpan.Zero, out _, highestTemporal: 1));
        Assert.True(Write(rewriter, camera, kept[1], TimeSpan.Zero, out _, highestTemporal: 1) > 0);
        Assert.Equal(0, Write(rewriter, camera, left[0], TimeSpan.Zero, out _));
        Assert.Equal(0, Write(rewriter, camera, left[2], TimeSpan.Zero, out _));
        Assert.True(Write(rewriter, camera, kept[0], TimeSpan.Zero, out _) > 0);
    }

    /// <summary>The picture before was lost at first, and came late: it must not be of one time with the keyframe.</summary>
    [Fact]
    public void After_a_picture_that_was_left_out_another_encoding_begins_later_than_all_before()
    {
        var (one, two) = (new FakeCamera(1), new FakeCamera(2));
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var buffer = new byte[1_500];
        var keyframe = one.Frame(key: true, packets: 1);
        var late = one.Frame(key: false, packets: 1);
        var left = one.Frame(key: false, packets: 1, temporal: 2);
        var after = two.Frame(key: true, packets: 1);
        Begin(rewriter, one, keyframe[0], TimeSpan.Zero);
        Write(rewriter, one, keyframe[0], TimeSpan.Zero, out _);
        Write(rewriter, one, left[0], TimeSpan.FromMilliseconds(66), out _, highestTemporal: 0);
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, Write(rewriter, one, late[0], TimeSpan.FromMilliseconds(66), out _, buffer)), out var packet));
        var before = packet.Timestamp;
        Begin(rewriter, two, after[0], TimeSpan.FromMilliseconds(99));
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, Write(rewriter, two, after[0], TimeSpan.FromMilliseconds(99), out _, buffer)), out packet));

        // Left out or not, the picture between them was one of the camera's.
        Assert.Equal(6_000u, packet.Timestamp - before);
    }

    [Fact]
    public void Padding_alone_is_left_out()
    {
        var camera = new FakeCamera(1);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(1));
        var keyframe = camera.Frame(key: true, packets: 1);
        Begin(rewriter, camera, keyframe[0], TimeSpan.Zero);
        Write(rewriter, camera, keyframe[0], TimeSpan.Zero, out var first);

        var padding = new PendingPacket(keyframe[0].Index + 1, 0, 0, 0, default);
        Assert.False(rewriter.TryTake(in padding, 7, TimeSpan.Zero, out _));
        camera.Skip(1);
        Assert.True(Write(rewriter, camera, camera.Frame(key: false)[0], TimeSpan.Zero, out var next) > 0);
        Assert.Equal(first + 1, next);
    }

    private static Played Play(Script script)
    {
        var random = new Random(script.Seed);
        var rewriter = new StreamRewriter(Ssrc, RandomSource.Seeded(script.Seed));
        var cameras = script.Cameras
            .Select((c, i) => new FakeCamera((uint)i + 1, 0x10000 + c.Sequence, c.Timestamp, c.PictureId, c.Tl0, script.LongIds)).ToArray();
        var sent = new List<Sent>();
        var now = TimeSpan.Zero;
        var frame = 0;
        for (var r = 0; r < script.Runs.Length; r++)
        {
            var run = script.Runs[r];
            var camera = cameras[run.Source];
            if (run.Skipped > 0) camera.Skip(run.Skipped);
            now += run.Pause;
            var packets = new List<((long Index, byte[] Bytes) Packet, int Frame)>();
            for (var f = 0; f < run.Frames; f++)
            {
                frame++;
                foreach (var made in camera.Frame(key: f == 0, run.PacketsPerFrame)) packets.Add((made, frame));
            }

            Begin(rewriter, camera, packets[0].Packet, now);

            // The first comes first, or the run would not have begun; the others overtake each other by up to three places.
            var order = new Random(run.Order);
            var arriving = packets.Select((p, i) => (p, At: i == 0 ? -1 : i + order.Next(4))).OrderBy(pair => pair.At).Select(pair => pair.p);
            foreach (var (packet, of) in arriving)
            {
                now += TimeSpan.FromMilliseconds(random.Next(6));
                camera.Deliver([packet], now);
                var buffer = new byte[1_500];
                var length = Write(rewriter, camera, packet, now, out var sequence, buffer);
                Assert.True(length > 0);
                sent.Add(new Sent(sequence, buffer[..length], of, r, run.Source, packet.Index));
            }
        }

        return new Played(rewriter, cameras, sent, now);
    }

    private static void Begin(StreamRewriter rewriter, FakeCamera camera, (long Index, byte[] Bytes) first, TimeSpan now)
    {
        var pending = Describe(camera, first, now);
        Assert.True(pending.Info.StartsKeyFrame);
        rewriter.Begin(camera.Encoding, in pending, now);
    }

    private static int Write(StreamRewriter rewriter, FakeCamera camera, (long Index, byte[] Bytes) made, TimeSpan now, out long sequence, byte[]? buffer = null,
        byte highestTemporal = 7)
    {
        var pending = Describe(camera, made, now);
        return rewriter.TryTake(in pending, highestTemporal, now, out sequence)
            ? rewriter.Write(sequence, PayloadType, 0, 0, now, buffer ?? new byte[1_500])
            : 0;
    }

    private static int WriteAgain(StreamRewriter rewriter, ushort sequence16, TimeSpan now, byte[] buffer) =>
        rewriter.TryFindSent(sequence16, out var sequence) ? rewriter.Write(sequence, PayloadType, 0, 0, now, buffer) : 0;

    private static PendingPacket Describe(FakeCamera camera, (long Index, byte[] Bytes) made, TimeSpan now)
    {
        if (!camera.Encoding.Cache.TryGet(made.Index, now, out _)) camera.Deliver([made], now);
        Assert.True(camera.Encoding.TryDescribe(made.Index, now, out var pending));
        return pending;
    }

    private sealed record Camera(int Sequence, uint Timestamp, int PictureId, byte Tl0);

    private sealed record Run(int Source, int Frames, int PacketsPerFrame, int Skipped, int Order, TimeSpan Pause);

    private sealed record Script(Camera[] Cameras, Run[] Runs, int Seed, bool LongIds);

    private sealed record Sent(long Sequence, byte[] Bytes, int Frame, int Run, int Source, long SourceSequence);

    private sealed record Played(StreamRewriter Rewriter, FakeCamera[] Cameras, List<Sent> Sent, TimeSpan Now);
}
