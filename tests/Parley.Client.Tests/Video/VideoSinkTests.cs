using Microsoft.Extensions.Time.Testing;
using Parley.Client.Tests.Audio;
using Parley.Client.Video;
using Parley.Protocol;

namespace Parley.Client.Tests.Video;

public sealed class VideoSinkTests
{
    private static readonly byte[][] Frames = VideoSourceTests.Encode(60, keyframeAt: 40);

    [Fact]
    public void Each_participants_camera_and_screen_has_a_file_that_plays()
    {
        using var folder = new TemporaryFolder();
        using (var sink = new IvfSink(folder["saved"], id => id == "p1" ? "Ann/../é b" : null))
        {
            for (var i = 0; i < 20; i++)
            {
                sink.OnFrame(Info("p1", VideoSourceKind.Camera, i), Frames[i]);
                sink.OnFrame(Info("p1", VideoSourceKind.Screen, i), Frames[i]);
                sink.OnFrame(Info("p2-with-a-long-id", VideoSourceKind.Camera, i), Frames[i]);
            }
        }

        Assert.Equal(
            ["Ann____é_b-p1-camera.ivf", "Ann____é_b-p1-screen.ivf", "p2-with--camera.ivf"],
            Directory.GetFiles(folder["saved"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (var path in Directory.GetFiles(folder["saved"]))
        {
            Assert.Equal(Enumerable.Range(0, 20), Numbers(path));
            using var reader = new IvfReader(path);
            Assert.Equal((64, 48, 20u), (reader.Width, reader.Height, reader.FrameCount));
        }
    }

    [Fact]
    public void What_is_there_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 3; round++)
        {
            using var sink = new IvfSink(folder.Root);
            sink.OnFrame(Info("p", VideoSourceKind.Camera, 0), Frames[0]);
        }

        Assert.Equal(3, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public void A_file_begins_with_a_keyframe()
    {
        using var folder = new TemporaryFolder();
        using (var sink = new IvfSink(folder.Root))
        {
            for (var i = 30; i < 50; i++) sink.OnFrame(Info("p", VideoSourceKind.Camera, i), Frames[i]);
            Assert.Equal(0, sink.Dropped);
        }

        Assert.Equal(Enumerable.Range(40, 10), Numbers(Directory.GetFiles(folder.Root).Single()));
    }

    [Fact]
    public void A_disk_that_is_too_slow_costs_all_up_to_the_next_keyframe()
    {
        using var folder = new TemporaryFolder();
        long dropped;
        using (var sink = new IvfSink(folder.Root, null, TimeProvider.System, maxWaitingBytes: Frames[0].Length + 1))
        {
            sink.OnFrame(Info("p", VideoSourceKind.Camera, 0), Frames[0]);

            // Longer than all that may wait, so it does not matter how fast the disk is.
            sink.OnFrame(Info("p", VideoSourceKind.Camera, 1), new byte[Frames[0].Length + 2]);
            for (var i = 2; i < 40; i++) sink.OnFrame(Info("p", VideoSourceKind.Camera, i), Frames[i]);
            dropped = sink.Dropped;
        }

        Assert.Equal(39, dropped);
        Assert.Equal([0], Numbers(Directory.GetFiles(folder.Root).Single()));
    }

    [Fact]
    public void A_files_clock_goes_on_when_its_participant_comes_back_in_another_slot()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        using (var sink = new IvfSink(folder.Root, null, time, maxWaitingBytes: 1 << 20))
        {
            sink.OnFrame(new VideoFrameInfo("p", VideoSourceKind.Camera, 1_000_000, true), Frames[0]);
            time.Advance(TimeSpan.FromMilliseconds(40));
            sink.OnFrame(new VideoFrameInfo("p", VideoSourceKind.Camera, 1_003_000, false), Frames[1]);
            time.Advance(TimeSpan.FromSeconds(30));
            sink.OnFrame(new VideoFrameInfo("p", VideoSourceKind.Camera, 50, true), Frames[40]);
            time.Advance(TimeSpan.FromMilliseconds(30));
            sink.OnFrame(new VideoFrameInfo("p", VideoSourceKind.Camera, 3050, false), Frames[41]);
        }

        using var reader = new IvfReader(Directory.GetFiles(folder.Root).Single());
        var times = new List<double>();
        while (reader.TryRead(out _, out var at)) times.Add(Math.Round(at.TotalSeconds, 4));
        Assert.Equal([0, 0.0333, 30.0333, 30.0667], times);
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_said_at_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Equal(ParleyError.Media, Assert.Throws<ParleyException>(() => new IvfSink(folder["file"])).Error);
    }

    [Fact]
    public void A_disk_that_fails_later_is_said_too()
    {
        using var folder = new TemporaryFolder();
        var sink = new IvfSink(folder["saved"]);
        Directory.Delete(folder["saved"]);
        sink.OnFrame(Info("p", VideoSourceKind.Camera, 0), Frames[0]);
        sink.Dispose();
        Assert.Contains("cannot be written", sink.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everyone_is_decoded_by_themself_in_order()
    {
        var seen = new Dictionary<string, List<long>>();
        using var enough = new CountdownEvent(3 * 20);
        using var sink = new DecodingSink((in VideoFrameInfo info, in I420View picture) =>
        {
            Assert.InRange(TestPictures.Psnr(TestPictures.Paint(64, 48, (int)(info.Timestamp / 3000)).View, picture), 27, 100);
            if (!seen.TryGetValue(info.ParticipantId + info.Source, out var list)) seen[info.ParticipantId + info.Source] = list = [];
            list.Add(info.Timestamp / 3000);
            enough.Signal();
        });
        for (var i = 0; i < 20; i++)
        {
            sink.OnFrame(Info("a", VideoSourceKind.Camera, i), Frames[i]);
            sink.OnFrame(Info("a", VideoSourceKind.Screen, i), Frames[i]);
            sink.OnFrame(Info("b", VideoSourceKind.Camera, i), Frames[i]);
        }

        Assert.True(enough.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        sink.Dispose();
        Assert.Equal(3, seen.Count);
        Assert.All(seen.Values, numbers => Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), numbers));
        Assert.Equal(0, sink.Skipped);
    }

    [Fact]
    public void Who_cannot_keep_up_goes_on_at_the_newest_keyframe_and_says_when_there_is_none()
    {
        using var held = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        using var last = new ManualResetEventSlim();
        var seen = new List<long>();
        var wanted = 0;
        using var sink = new DecodingSink((in VideoFrameInfo info, in I420View _) =>
        {
            seen.Add(info.Timestamp / 3000);
            began.Set();
            held.Wait(CancellationToken.None);
            if (info.Timestamp / 3000 == 59) last.Set();
        });
        sink.KeyframeWanted += (_, _) => wanted++;
        sink.OnFrame(Info("a", VideoSourceKind.Camera, 0), Frames[0]);
        began.Wait(TestContext.Current.CancellationToken);

        // One is at the decoder, thirty wait; the next is one too many, and the rest up to the keyframe is of no use.
        for (var i = 1; i < 60; i++) sink.OnFrame(Info("a", VideoSourceKind.Camera, i), Frames[i]);
        Assert.Equal(1, wanted);
        Assert.Equal(39, sink.Skipped);
        held.Set();
        Assert.True(last.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        sink.Dispose();
        Assert.Equal([0, .. Enumerable.Range(40, 20).Select(i => (long)i)], seen);
    }

    [Fact]
    public void A_broken_frame_is_said_once_and_the_next_keyframe_seen()
    {
        using var seen = new ManualResetEventSlim();
        var wanted = 0;
        using var sink = new DecodingSink((in VideoFrameInfo info, in I420View _) =>
        {
            if (info.Timestamp / 3000 == 40) seen.Set();
        });
        sink.KeyframeWanted += (id, source) =>
        {
            Assert.Equal(("a", VideoSourceKind.Camera), (id, source));
            Interlocked.Increment(ref wanted);
        };
        sink.OnFrame(Info("a", VideoSourceKind.Camera, 0), Frames[0]);
        sink.OnFrame(Info("a", VideoSourceKind.Camera, 1), Frames[1].AsSpan(0, 4));
        sink.OnFrame(Info("a", VideoSourceKind.Camera, 2), Frames[2]);
        sink.OnFrame(Info("a", VideoSourceKind.Camera, 40), Frames[40]);
        Assert.True(seen.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, wanted);
    }

    [Fact]
    public void Who_left_is_forgotten_and_streams_are_bounded()
    {
        var seen = 0;
        using var enough = new ManualResetEventSlim();
        using var sink = new DecodingSink((in VideoFrameInfo info, in I420View _) =>
        {
            if (info.ParticipantId == "last") enough.Set();
            Interlocked.Increment(ref seen);
        });
        for (var i = 0; i < 3 * DecodingSink.MaxStreams; i++) sink.OnFrame(Info($"p{i}", VideoSourceKind.Camera, 0), Frames[0]);
        for (var i = 0; i < 3 * DecodingSink.MaxStreams; i++) sink.Forget($"p{i}");

        // Without its keyframe, which was forgotten, this one cannot be shown.
        sink.OnFrame(Info("p1", VideoSourceKind.Camera, 1), Frames[1]);
        sink.OnFrame(Info("last", VideoSourceKind.Camera, 0), Frames[0]);
        Assert.True(enough.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, sink.Skipped);
    }

    [Theory]
    [InlineData("../../etc/passwd", "x/y", "______etc_passwd-x_y-camera")]
    [InlineData("  ", "", "-camera")]
    [InlineData("CON", "..\\..", "CON-_____-camera")]
    [InlineData("日本語 Ω\u202E\u0000", "abcdefghijkl", "日本語_Ω__-abcdefgh-camera")]
    public void A_file_has_a_name_that_does_no_harm(string name, string id, string expected) =>
        Assert.Equal(expected, SafeFileName.Make(name, id, "camera"));

    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("_-id-camera", SafeFileName.Make("\uD800", "id", "camera"));

    [Fact]
    public void A_name_is_not_longer_than_a_file_may_be() =>
        Assert.InRange(SafeFileName.Make(new string('Ж', 500), new string('x', 500), "camera").Length, 1, 60);

    private static VideoFrameInfo Info(string id, VideoSourceKind source, int number) => new(id, source, number * 3000L, number is 0 or 40);

    private static List<int> Numbers(string path)
    {
        using var reader = new IvfReader(path);
        var numbers = new List<int>();
        while (reader.TryRead(out var frame, out _))
        {
            var bytes = frame.ToArray();
            numbers.Add(Array.FindIndex(Frames, known => known.AsSpan().SequenceEqual(bytes)));
        }

        return numbers;
    }
}
