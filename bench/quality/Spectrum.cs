using System.Numerics;
using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>The power spectrum of 21 ms under a Hann window, up to 8 kHz.</summary>
internal sealed class Spectrum
{
    public const int Window = 1_024;

    private const int Bins = Window * 8_000 / AudioFormat.SampleRate;

    /// <summary>The upper edges of Zwicker's critical bands in Hz, up to 7.7 kHz.</summary>
    private static readonly int[] BandEdges =
        [100, 200, 300, 400, 510, 630, 770, 920, 1_080, 1_270, 1_480, 1_720, 2_000, 2_320, 2_700, 3_150, 3_700, 4_400, 5_300, 6_400, 7_700];

    private readonly Complex[] _bins = new Complex[Window];

    /// <summary>The power at each multiple of 47 Hz.</summary>
    public float[] Power(ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < Window; i++) _bins[Reversed(i)] = samples[i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window)));
        for (var size = 2; size <= Window; size *= 2)
        {
            for (var k = 0; k < size / 2; k++)
            {
                var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * k / size);
                for (var i = k; i < Window; i += size)
                {
                    var (even, odd) = (_bins[i], turn * _bins[i + (size / 2)]);
                    (_bins[i], _bins[i + (size / 2)]) = (even + odd, even - odd);
                }
            }
        }

        return [.. _bins.Take(Bins).Select(bin => (float)(((bin.Real * bin.Real) + (bin.Imaginary * bin.Imaginary)) / Window))];
    }

    /// <summary>The mean power in each critical band.</summary>
    public static float[] CriticalBands(float[] power)
    {
        var (bands, from) = (new float[BandEdges.Length], 0);
        for (var band = 0; band < bands.Length; band++)
        {
            var to = BandEdges[band] * Window / AudioFormat.SampleRate;
            bands[band] = power[from..Math.Max(to, from + 1)].Average();
            from = to;
        }

        return bands;
    }

    private static int Reversed(int index)
    {
        var reversed = 0;
        for (var bit = 1; bit < Window; bit *= 2, index /= 2) reversed = (reversed * 2) | (index & 1);
        return reversed;
    }
}
