using Parley.Client.Video;

namespace Parley.Client.Tests.Interop;

/// <summary>A picture of four plain quarters with noise on them, so that it is as large as a real one.</summary>
internal static class Quarters
{
    private const int Noise = 12;

    /// <summary>A camera that shows them, 320×240 at 15 pictures a second.</summary>
    public static PaintedSource Camera(byte[] lights)
    {
        var random = new Random(1);
        var noise = new byte[320 * 240];
        return new PaintedSource(
            new Vp8EncoderSettings { Width = 320, Height = 240, FramesPerSecond = 15, BitrateKbps = 600 },
            (picture, _, _) =>
            {
                picture.Fill(128, 128, 128);
                random.NextBytes(noise);
                for (var i = 0; i < noise.Length; i++)
                {
                    var quarter = i / picture.Width / (picture.Height / 2) * 2 + i % picture.Width / (picture.Width / 2);
                    picture.Y[i] = (byte)(lights[quarter] - Noise + noise[i] * (2 * Noise + 1) / 256);
                }
            });
    }

    /// <summary>The brightness of each, by reading order: of its middle, for edges blur.</summary>
    public static double[] Read(in I420View picture)
    {
        var lights = new double[4];
        for (var quarter = 0; quarter < lights.Length; quarter++)
        {
            int left = picture.Width * (4 * (quarter % 2) + 1) / 8, top = picture.Height * (4 * (quarter / 2) + 1) / 8;
            long sum = 0;
            for (var y = top; y < top + picture.Height / 4; y++)
            {
                for (var x = left; x < left + picture.Width / 4; x++) sum += picture.Y[y * picture.StrideY + x];
            }

            lights[quarter] = (double)sum / (picture.Width / 4 * (picture.Height / 4));
        }

        return lights;
    }

    /// <summary>Whether what was read is what was shown: coding and noise shift a mean by little.</summary>
    public static bool AreAlike(IReadOnlyList<double> read, IReadOnlyList<byte> shown) =>
        read.Zip(shown).All(pair => Math.Abs(pair.First - pair.Second) < 8);
}
