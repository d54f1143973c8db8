using CsCheck;
using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

/// <summary>What a hostile sender can put into frames: nothing that crashes, nothing that is taken for good.</summary>
public sealed class Vp8DecoderHostileTests
{
    private static readonly byte[][] Good = Encode(12);

    [Fact]
    public void Does_not_begin_without_a_keyframe()
    {
        using var decoder = new Vp8Decoder();
        Assert.False(decoder.TryDecode(Good[1], out _));
        Assert.True(decoder.NeedsKeyframe);
        Assert.True(decoder.TryDecode(Good[0], out _));
        Assert.True(decoder.TryDecode(Good[1], out _));
    }

    [Fact]
    public void After_a_broken_frame_the_next_keyframe_is_needed()
    {
        using var decoder = new Vp8Decoder();
        Assert.True(decoder.TryDecode(Good[0], out _));
        Assert.False(decoder.TryDecode(Good[1].AsSpan(0, 6), out _));
        Assert.True(decoder.NeedsKeyframe);
        Assert.False(decoder.TryDecode(Good[2], out _));
        Assert.True(decoder.TryDecode(Good[0], out _));
        Assert.False(decoder.NeedsKeyframe);
    }

    [Theory]
    [InlineData(4097, 48)]
    [InlineData(16_383, 16_383)]
    [InlineData(4096, 4096)]
    [InlineData(0, 48)]
    public void A_size_out_of_bounds_does_not_reach_the_library(int width, int height)
    {
        using var decoder = new Vp8Decoder();
        var frame = Good[0].ToArray();
        (frame[6], frame[7], frame[8], frame[9]) = ((byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8));
        Assert.False(decoder.TryDecode(frame, out _));
        Assert.True(decoder.NeedsKeyframe);
    }

    [Fact]
    public void Changed_cut_and_swapped_frames_do_no_harm() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 5000], Gen.Byte, Gen.Int[0, 5000], Gen.Int[0, 9]).Array[1, 40].Sample(
            script =>
            {
                using var decoder = new Vp8Decoder();
                decoder.TryDecode(Good[0], out _);
                foreach (var (number, at, value, length, kind) in script)
                {
                    var frame = Good[number].ToArray();

                    // The size is left alone: other tests change it, and pictures of 9 million pixels are slow to make.
                    if (kind < 7) frame[at % frame.Length is > 5 and < 10 ? 2 : at % frame.Length] = value;
                    var end = kind is > 4 and < 9 ? length % (frame.Length + 1) : frame.Length;
                    var wasSeen = decoder.TryDecode(frame.AsSpan(0, end), out var picture);
                    Assert.True(!wasSeen || (picture.Width == 64 && picture.Height == 48 && !decoder.NeedsKeyframe));
                }

                Assert.True(decoder.TryDecode(Good[0], out var good));
                Assert.Equal(64, good.Width);
            },
            iter: 300);

    [Fact]
    public void Random_bytes_do_no_harm() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                using var decoder = new Vp8Decoder();
                decoder.TryDecode(Good[0], out _);
                if (bytes.Length > 0) bytes[0] |= 1;
                decoder.TryDecode(bytes, out _);
                Assert.True(decoder.TryDecode(Good[0], out _));
            },
            iter: 300);

    [Fact]
    public void A_codec_that_was_let_go_of_says_so()
    {
        var decoder = new Vp8Decoder();
        decoder.Dispose();
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.TryDecode(Good[0], out _));
        var encoder = new Vp8Encoder(new Vp8EncoderSettings());
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.SetBitrate(300));
    }

    private static byte[][] Encode(int count)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 64, Height = 48 });
        var frames = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            frames[i] = encoder.Encode(TestPictures.Paint(64, 48, i).View, TimeSpan.FromMilliseconds(33 * i), i == 6, out _).ToArray();
        }

        return frames;
    }
}
