using CsCheck;
using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

public sealed class RgbSamplerTests
{
    // The 100 % bars of BT.601: what each is in limited-range YCbCr.
    [Theory]
    [InlineData(16, 128, 128, 0, 0, 0)]
    [InlineData(235, 128, 128, 255, 255, 255)]
    [InlineData(81, 90, 240, 255, 0, 0)]
    [InlineData(145, 54, 34, 0, 255, 0)]
    [InlineData(41, 240, 110, 0, 0, 255)]
    [InlineData(0, 128, 128, 0, 0, 0)]
    [InlineData(255, 128, 128, 255, 255, 255)]
    public void Colours_are_those_of_BT_601(byte y, byte u, byte v, int red, int green, int blue)
    {
        var frame = new I420Frame(4, 4);
        frame.Fill(y, u, v);
        var rgb = new byte[3];
        RgbSampler.Sample(frame.View, 1, 1, rgb);
        Assert.InRange(rgb[0], red - 2, red + 2);
        Assert.InRange(rgb[1], green - 2, green + 2);
        Assert.InRange(rgb[2], blue - 2, blue + 2);
    }

    [Fact]
    public void A_small_pixel_is_the_average_of_what_it_covers()
    {
        var frame = new I420Frame(4, 2);
        new byte[] { 16, 235, 16, 16, 235, 16, 16, 16 }.CopyTo(frame.Y);
        var rgb = new byte[6];
        RgbSampler.Sample(frame.View, 2, 1, rgb);
        Assert.Equal([128, 128, 128, 0, 0, 0], rgb);
    }

    [Fact]
    public void A_picture_keeps_its_places_when_it_grows_and_shrinks()
    {
        var frame = new I420Frame(32, 32);
        frame.Fill(0, 0, 16, 16, 235, 128, 128);
        var rgb = new byte[3 * 64 * 64];
        foreach (var size in new[] { 2, 4, 32, 64 })
        {
            RgbSampler.Sample(frame.View, size, size, rgb);
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                    Assert.Equal(row < size / 2 && column < size / 2 ? 255 : 0, rgb[3 * ((row * size) + column)]);
            }
        }
    }

    [Fact]
    public void Any_size_of_any_picture_is_filled_to_the_last_pixel() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 90], Gen.Int[1, 90]).Sample((width, height, toWidth, toHeight) =>
        {
            var frame = new I420Frame(width, height);
            frame.Fill(235, 128, 128);
            var rgb = new byte[(3 * toWidth * toHeight) + 1];
            RgbSampler.Sample(frame.View, toWidth, toHeight, rgb);
            return rgb.AsSpan(0, rgb.Length - 1).IndexOfAnyExcept((byte)255) < 0 && rgb[^1] == 0;
        });

    [Fact]
    public void A_rectangle_is_painted_where_it_is_and_not_outside() =>
        Gen.Select(Gen.Int[-10, 40], Gen.Int[-10, 40], Gen.Int[-5, 50], Gen.Int[-5, 50]).Sample((left, top, width, height) =>
        {
            var frame = new I420Frame(31, 17);
            frame.Fill(left, top, width, height, 200, 1, 2);
            for (var i = 0; i < frame.Y.Length; i++)
            {
                var (row, column) = (i / 31, i % 31);
                var isInside = column >= left && column < left + width && row >= top && row < top + height;
                Assert.Equal(isInside ? 200 : 16, frame.Y[i]);
            }
        });

    [Fact]
    public void A_view_must_have_the_bytes_it_says()
    {
        Assert.Throws<ArgumentException>(() => new I420View(4, 4, new byte[15], 4, new byte[4], 2, new byte[4], 2).Width);
        Assert.Throws<ArgumentException>(() => new I420View(4, 4, new byte[16], 4, new byte[4], 1, new byte[4], 2).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => new I420View(0, 4, new byte[16], 4, new byte[4], 2, new byte[4], 2).Width);
    }
}
