namespace Parley.Client.Video;

/// <summary>Makes small pictures for a screen of few pixels: each is the average of the ones it covers, BT.601, in RGB.</summary>
public static class RgbSampler
{
    /// <summary>Scales a picture to exactly this size; keeping its shape is the caller's choice of it.</summary>
    /// <param name="picture">What to scale.</param>
    /// <param name="width">Pixels in a row, 1–4,096; may be more than the picture has.</param>
    /// <param name="height">Rows, 1–4,096.</param>
    /// <param name="rgb">At least 3 × width × height bytes: red, green, blue, row by row without gaps.</param>
    public static void Sample(in I420View picture, int width, int height, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, 3 * width * height, nameof(rgb));
        var at = 0;
        for (var row = 0; row < height; row++)
        {
            var (top, bottom) = Cover(row, height, picture.Height);
            for (var column = 0; column < width; column++)
            {
                var (left, right) = Cover(column, width, picture.Width);
                var y = Average(picture.Y, picture.StrideY, left, top, right, bottom);

                // The colour of a pixel is that of the two by two it lies in.
                var (halfRight, halfBottom) = (((right - 1) / 2) + 1, ((bottom - 1) / 2) + 1);
                var u = Average(picture.U, picture.StrideU, left / 2, top / 2, halfRight, halfBottom);
                var v = Average(picture.V, picture.StrideV, left / 2, top / 2, halfRight, halfBottom);
                Convert(y, u, v, rgb.Slice(at, 3));
                at += 3;
            }
        }
    }

    /// <summary>From limited-range YCbCr to RGB, by ITU-R BT.601 §2.5.</summary>
    internal static void Convert(int y, int u, int v, Span<byte> rgb)
    {
        // In 1/65,536: 255/219, 1.402 × 255/224, 0.344136 × 255/224, 0.714136 × 255/224, 1.772 × 255/224.
        var luma = ((y - 16) * 76_309) + 32_768;
        (u, v) = (u - 128, v - 128);
        rgb[0] = Clip(luma + (v * 104_597));
        rgb[1] = Clip(luma - (u * 25_675) - (v * 53_279));
        rgb[2] = Clip(luma + (u * 132_201));
    }

    private static byte Clip(int value) => (byte)Math.Clamp(value >> 16, 0, 255);

    private static (int From, int To) Cover(int index, int count, int length)
    {
        var from = (int)((long)index * length / count);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * length / count)));
    }

    private static int Average(ReadOnlySpan<byte> plane, int stride, int left, int top, int right, int bottom)
    {
        var sum = 0;
        for (var row = top; row < bottom; row++)
        {
            foreach (var value in plane.Slice((row * stride) + left, right - left)) sum += value;
        }

        var count = (right - left) * (bottom - top);
        return (sum + (count / 2)) / count;
    }
}
