using Parley.Client.Tests.Audio;
using Parley.Client.Video;
using Parley.Media.Video;

namespace Parley.Client.Tests.Video;

public sealed class VideoSourceTests
{
    private static readonly Vp8EncoderSettings Small = new() { Width = 160, Height = 90, FramesPerSecond = 60, BitrateKbps = 300 };

    [Fact]
    public void The_test_picture_can_be_seen_and_moves()
    {
        using var source = new PatternSource(Small);
        var recorder = new Recorder();
        source.Start(recorder);
        recorder.WaitFor(20);
        source.Stop();
        using var decoder = new Vp8Decoder();
        var first = new I420Frame(160, 90);
        var frames = recorder.Frames;
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.True(decoder.TryDecode(frames[i].Frame, out var picture));
            var painted = new I420Frame(160, 90);
            PatternPainter.Paint(painted, (long)Math.Round(frames[i].CaptureTime.TotalSeconds * 60), frames[i].CaptureTime);
            Assert.InRange(TestPictures.Psnr(painted.View, picture), 22, 100);
            if (i == 0) first.CopyFrom(in picture);
            if (i == frames.Count - 1) Assert.InRange(TestPictures.Psnr(first.View, picture), 0, 22);
        }
    }

    [Fact]
    public void Begins_with_a_keyframe_each_time_it_is_started_and_sends_nothing_after_it_was_stopped()
    {
        using var source = new PatternSource(Small);
        for (var round = 0; round < 3; round++)
        {
            var recorder = new Recorder();
            source.Start(recorder);
            Assert.Throws<InvalidOperationException>(() => source.Start(recorder));
            recorder.WaitFor(3);
            source.Stop();
            var count = recorder.Frames.Count;
            source.Stop();
            Assert.True(IsKeyframe(recorder.Frames[0].Frame));
            Assert.False(IsKeyframe(recorder.Frames[1].Frame));
            Assert.Equal(count, recorder.Frames.Count);
        }

        Assert.Null(source.Failure);
    }

    [Fact]
    public void A_keyframe_that_is_asked_for_comes_next()
    {
        using var source = new PatternSource(Small);
        var recorder = new Recorder { OnSend = count => { if (count == 5) source.RequestKeyframe(); } };
        source.Start(recorder);
        recorder.WaitFor(8);
        source.Stop();
        Assert.Equal([0, 5], recorder.Frames.Take(8).Select((sent, i) => (sent, i)).Where(f => IsKeyframe(f.sent.Frame)).Select(f => f.i));
    }

    [Fact]
    public void Times_are_those_of_the_rate_and_go_on()
    {
        using var source = new PatternSource(Small with { FramesPerSecond = 120 });
        var recorder = new Recorder();
        source.Start(recorder);
        recorder.WaitFor(30);
        source.Stop();
        var times = recorder.Frames.Select(sent => sent.CaptureTime).ToList();
        Assert.Equal(times.Order().Distinct(), times);
        Assert.All(times, time => Assert.Equal(0, Math.IEEERemainder(time.TotalSeconds, 1 / 120.0), 0.00001));
    }

    [Fact]
    public void It_may_be_stopped_by_what_it_calls()
    {
        using var source = new PatternSource(Small);
        var recorder = new Recorder { OnSend = count => { if (count == 2) source.Stop(); } };
        source.Start(recorder);
        recorder.WaitFor(2);
        source.Stop();
        Assert.Equal(2, recorder.Frames.Count);
    }

    [Fact]
    public void The_bitrate_can_be_changed_while_it_runs()
    {
        using var source = new PatternSource(Small);
        source.SetBitrate(100);
        Assert.Equal(100, source.Settings.BitrateKbps);
        Assert.Throws<ParleyException>(() => source.SetBitrate(0));
    }

    [Fact]
    public void A_painters_own_pictures_arrive()
    {
        using var source = new PaintedSource(Small, (picture, number, _) => picture.Fill((byte)(20 + (40 * number % 200)), 128, 128));
        var recorder = new Recorder();
        source.Start(recorder);
        recorder.WaitFor(5);
        source.Stop();
        using var decoder = new Vp8Decoder();
        foreach (var (frame, captureTime) in recorder.Frames)
        {
            var number = (int)Math.Round(captureTime.TotalSeconds * 60);
            Assert.True(decoder.TryDecode(frame, out var picture));
            Assert.InRange(picture.Y[80], 10 + (40 * number % 200), 30 + (40 * number % 200));
        }
    }

    [Fact]
    public void What_waits_for_a_picture_is_let_go_of_when_it_is_stopped()
    {
        using var source = new StuckSource();
        source.Start(new Recorder());
        source.Waiting.Wait(TestContext.Current.CancellationToken);
        source.Stop();
        Assert.Null(source.Failure);
    }

    [Fact]
    public void A_source_that_fails_says_why()
    {
        using var source = new FailingSource();
        source.Start(new Recorder());
        Assert.True(SpinWait.SpinUntil(() => source.Failure is not null, TimeSpan.FromSeconds(30)));
        Assert.Contains("the cable", source.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 200)]
    [InlineData(640, 360)]
    [InlineData(1280, 721)]
    public void The_test_picture_is_painted_in_any_size_and_at_any_time(int width, int height)
    {
        var picture = new I420Frame(width, height);
        foreach (var number in new[] { 0L, 1, 12_345, long.MaxValue / 4096 }) PatternPainter.Paint(picture, number, TimeSpan.FromDays(number % 1000));
        var other = new I420Frame(width, height);
        PatternPainter.Paint(other, 3, TimeSpan.Zero);
        PatternPainter.Paint(picture, 3, TimeSpan.Zero);
        Assert.True(picture.Bytes.SequenceEqual(other.Bytes));
    }

    [Fact]
    public void A_file_plays_in_a_loop_from_its_first_keyframe_on()
    {
        var frames = Encode(9, keyframeAt: 3);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.ivf"], IvfTests.Make([frames[1], .. frames[3..]]));
        using var source = new IvfSource(folder["a.ivf"]);
        var recorder = new Recorder();
        source.Start(recorder);
        recorder.WaitFor(15);
        source.Stop();
        Assert.Null(source.Failure);
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(frames[3 + (i % 6)], recorder.Frames[i].Frame);
            Assert.Equal(TimeSpan.FromMilliseconds(10 * i), recorder.Frames[i].CaptureTime);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_a_camera_is_refused_at_once()
    {
        var frames = Encode(3, keyframeAt: 0);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.ivf"], IvfTests.Make(frames[1..]));
        Assert.Contains("no keyframe", Assert.Throws<ParleyException>(() => new IvfSource(folder["a.ivf"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["b.ivf"], [1, 2, 3]);
        Assert.Contains("no IVF", Assert.Throws<ParleyException>(() => new IvfSource(folder["b.ivf"])).Message, StringComparison.Ordinal);
    }

    internal static byte[][] Encode(int count, int keyframeAt)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48 });
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
                encoder.Encode(TestPictures.Paint(64, 48, i).View, TimeSpan.FromMilliseconds(33 * i), i == keyframeAt, out _).ToArray()),
        ];
    }

    private static bool IsKeyframe(byte[] frame) => Vp8FrameTag.TryParse(frame, out var tag) && tag.IsKeyframe;

    private sealed class StuckSource() : RawVideoSource(Small)
    {
        private readonly ManualResetEventSlim _never = new();

        public ManualResetEventSlim Waiting { get; } = new();

        protected override bool TryRead(I420Frame picture, CancellationToken stopping, out TimeSpan captureTime)
        {
            captureTime = default;
            Waiting.Set();
            _never.Wait(CancellationToken.None);
            return false;
        }

        protected override void OnStopping() => _never.Set();

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _never.Dispose();
            Waiting.Dispose();
        }
    }

    private sealed class FailingSource() : RawVideoSource(Small)
    {
        protected override bool TryRead(I420Frame picture, CancellationToken stopping, out TimeSpan captureTime) => throw new IOException("the cable is out");
    }
}
