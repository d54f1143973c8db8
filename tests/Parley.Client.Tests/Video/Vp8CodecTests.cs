using Parley.Client.Video;
using Parley.Media.Video;

namespace Parley.Client.Tests.Video;

public sealed class Vp8CodecTests
{
    [Theory]
    [InlineData(320, 180)]
    [InlineData(321, 181)]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    public void What_is_encoded_decodes_to_nearly_the_same(int width, int height)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = width, Height = height, BitrateKbps = 1000 });
        using var decoder = new Vp8Decoder();
        for (var i = 0; i < 30; i++)
        {
            var picture = TestPictures.Paint(width, height, i);
            var frame = encoder.Encode(picture.View, TimeSpan.FromMilliseconds(33 * i), false, out var isKeyframe);
            Assert.Equal(i == 0, isKeyframe);
            Assert.True(decoder.TryDecode(frame, out var decoded));
            Assert.InRange(TestPictures.Psnr(picture.View, decoded), 30, double.PositiveInfinity);
        }
    }

    [Fact]
    public void A_picture_is_not_like_another() =>
        Assert.InRange(TestPictures.Psnr(TestPictures.Paint(320, 180, 0).View, TestPictures.Paint(320, 180, 20).View), 0, 20);

    [Fact]
    public void The_first_frame_and_each_asked_for_is_a_keyframe_with_its_size()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48, KeyframeInterval = 5 });
        var picture = TestPictures.Paint(64, 48, 0);
        var keyframes = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            var frame = encoder.Encode(picture.View, TimeSpan.FromMilliseconds(33 * i), forceKeyframe: i == 3, out var isKeyframe);
            Assert.True(Vp8FrameTag.TryParse(frame, out var tag));
            Assert.Equal(isKeyframe, tag.IsKeyframe);
            if (!isKeyframe) continue;
            keyframes.Add(i);
            Assert.Equal((64, 48), (tag.Width, tag.Height));
        }

        Assert.Equal([0, 3, 8], keyframes);
    }

    [Fact]
    public void Another_size_begins_anew()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48 });
        using var decoder = new Vp8Decoder();
        Assert.True(decoder.TryDecode(encoder.Encode(TestPictures.Paint(64, 48, 0).View, TimeSpan.Zero, false, out _), out _));
        var larger = TestPictures.Paint(160, 90, 1);
        Assert.True(decoder.TryDecode(encoder.Encode(larger.View, TimeSpan.FromSeconds(1), false, out var isKeyframe), out var decoded));
        Assert.True(isKeyframe);
        Assert.Equal((160, 90), (decoded.Width, decoded.Height));
        Assert.Equal((160, 90), (encoder.Settings.Width, encoder.Settings.Height));
    }

    [Fact]
    public void The_bitrate_follows_what_is_asked_for()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 320, Height = 180, BitrateKbps = 600 });
        var picture = new I420Frame(320, 180);
        long Seconds(int from, int count)
        {
            long bytes = 0;
            for (var i = 30 * from; i < 30 * (from + count); i++)
            {
                TestPictures.Paint(picture, 7 * i);
                bytes += encoder.Encode(picture.View, TimeSpan.FromTicks(i * TimeSpan.TicksPerSecond / 30), false, out _).Length;
            }

            return bytes * 8 / 1000 / count;
        }

        Seconds(0, 1);
        Assert.InRange(Seconds(1, 3), 400, 700);
        encoder.SetBitrate(150);
        Seconds(4, 2);
        Assert.InRange(Seconds(6, 3), 90, 250);
        Assert.Equal(150, encoder.Settings.BitrateKbps);
    }

    [Fact]
    public void Time_that_stands_or_goes_back_does_no_harm()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48 });
        using var decoder = new Vp8Decoder();
        foreach (var milliseconds in new[] { 5000, 5000, 4000, 0, 10_000_000, 20 })
        {
            var frame = encoder.Encode(TestPictures.Paint(64, 48, milliseconds).View, TimeSpan.FromMilliseconds(milliseconds), false, out _);
            Assert.True(decoder.TryDecode(frame, out _));
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_frame()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48 });
        using var decoder = new Vp8Decoder();
        var picture = TestPictures.Paint(64, 48, 0);
        var rgb = new byte[3 * 16 * 12];
        var decodedFrames = 0;
        void Round(int i)
        {
            var frame = encoder.Encode(picture.View, TimeSpan.FromMilliseconds(33 * i), i % 10 == 0, out _);
            if (!decoder.TryDecode(frame, out var decoded)) return;
            decodedFrames++;
            RgbSampler.Sample(decoded, 16, 12, rgb);
        }

        for (var i = 0; i < 50; i++) Round(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 50; i < 250; i++) Round(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(250, decodedFrames);
    }

    [Theory]
    [InlineData(0, 48, 30, 500)]
    [InlineData(64, -1, 30, 500)]
    [InlineData(4097, 48, 30, 500)]
    [InlineData(4096, 2305, 30, 500)]
    [InlineData(64, 48, 0, 500)]
    [InlineData(64, 48, 30, 0)]
    public void Settings_out_of_range_are_said_to_be(int width, int height, int framesPerSecond, int kbps)
    {
        var settings = new Vp8EncoderSettings { Width = width, Height = height, FramesPerSecond = framesPerSecond, BitrateKbps = kbps };
        Assert.Equal(ParleyError.Invalid, Assert.Throws<ParleyException>(() => new Vp8Encoder(settings)).Error);
    }

    [Fact]
    public void The_largest_picture_can_be_sent_and_seen()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 4096, Height = 2304, Speed = 16 });
        using var decoder = new Vp8Decoder();
        Assert.True(decoder.TryDecode(encoder.Encode(new I420Frame(4096, 2304).View, TimeSpan.Zero, false, out _), out var decoded));
        Assert.Equal((4096, 2304), (decoded.Width, decoded.Height));
    }

    [Fact]
    public void A_missing_library_is_named_with_what_installs_it()
    {
        var missing = Assert.Throws<ParleyException>(() => VpxLibrary.Load("libvpx-that-is-not.so.1"));
        Assert.Equal(ParleyError.Media, missing.Error);
        Assert.Contains("apt-get install libvpx7", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_another_is_refused()
    {
        // The C library is there under this name wherever libvpx is looked for by soname.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The file names are those of Linux.");
        Assert.Contains("vpx_codec_version_str", Assert.Throws<ParleyException>(() => VpxLibrary.Load("libc.so.6")).Message, StringComparison.Ordinal);
    }
}
