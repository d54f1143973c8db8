using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

/// <summary>Pictures that are like a camera's: soft shapes that move, with some noise, the same in every run.</summary>
internal static class TestPictures
{
    public static I420Frame Paint(int width, int height, int number)
    {
        var frame = new I420Frame(width, height);
        Paint(frame, number);
        return frame;
    }

    public static void Paint(I420Frame frame, int number)
    {
        for (var row = 0; row < frame.Height; row++)
        {
            for (var column = 0; column < frame.Width; column++)
            {
                var wave = Math.Sin((column + (3 * number)) / 17.0) + Math.Cos((row - (2 * number)) / 11.0);
                var noise = ((column * 7919) + (row * 104_729)) % 5;
                frame.Y[(row * frame.Width) + column] = (byte)(126 + (wave * 45) + noise);
            }
        }

        for (var row = 0; row < frame.ChromaHeight; row++)
        {
            for (var column = 0; column < frame.ChromaWidth; column++)
            {
                frame.U[(row * frame.ChromaWidth) + column] = (byte)(128 + (60 * Math.Sin((column - number) / 23.0)));
                frame.V[(row * frame.ChromaWidth) + column] = (byte)(128 + (60 * Math.Cos((row + number) / 29.0)));
            }
        }
    }

    /// <summary>How like they are, in dB; over 30 is hard to tell apart, unrelated pictures have about 10.</summary>
    public static double Psnr(in I420View one, in I420View other)
    {
        Assert.Equal((one.Width, one.Height), (other.Width, other.Height));
        var sum = Squares(one.Y, one.StrideY, other.Y, other.StrideY, one.Width, one.Height)
            + Squares(one.U, one.StrideU, other.U, other.StrideU, one.ChromaWidth, one.ChromaHeight)
            + Squares(one.V, one.StrideV, other.V, other.StrideV, one.ChromaWidth, one.ChromaHeight);
        var count = (one.Width * one.Height) + (2 * one.ChromaWidth * one.ChromaHeight);
        return sum == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255 * count / sum);
    }

    private static double Squares(ReadOnlySpan<byte> one, int oneStride, ReadOnlySpan<byte> other, int otherStride, int width, int height)
    {
        var sum = 0.0;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var difference = one[(row * oneStride) + column] - other[(row * otherStride) + column];
                sum += difference * difference;
            }
        }

        return sum;
    }
}
