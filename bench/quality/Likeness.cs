using System.Numerics.Tensors;
using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>
/// How much like the original it is. The original is cut into pieces of 240 ms; each is sought in what was heard, where it correlates best, so that
/// a delay that changes is not taken for noise, but what is bent or repeated within a piece is.
/// </summary>
internal sealed class Likeness
{
    private const int Piece = 12 * AudioFormat.FrameSamples;
    private const int MaxLag = AudioFormat.SampleRate / 2;
    private const int Coarse = 6; // Sought at 8 kHz first.
    private const float Floor = 1e-7f; // Of a band's power: what is quieter than −70 dB is not heard beside speech.

    private readonly Spectrum _spectrum = new();
    private double _snr;
    private double _spectral;
    private double _bark;
    private int _frames;
    private int _spectra;

    /// <summary>Segmental signal-to-noise ratio, dB: the mean of frames of 20 ms, each from −10 to 35.</summary>
    public double SegmentalSnr => _snr / Math.Max(1, _frames);

    /// <summary>Log-spectral distance up to 8 kHz, dB.</summary>
    public double LogSpectral => _spectral / Math.Max(1, _spectra);

    /// <summary>The same over the 21 critical bands up to 8 kHz, dB.</summary>
    public double Bark => _bark / Math.Max(1, _spectra);

    /// <summary>Compares all of the original that is speech.</summary>
    public void Add(Speech original, ReadOnlySpan<float> heard)
    {
        float[] coarseOriginal = Decimate(original.Samples), coarseHeard = Decimate(heard);
        for (var at = 0; at + Piece + MaxLag + Coarse < Math.Min(original.Samples.Length, heard.Length); at += Piece)
        {
            var packets = original.IsSpeech.AsSpan(at / AudioFormat.FrameSamples, Piece / AudioFormat.FrameSamples);
            if (packets.Count(true) < packets.Length / 2) continue;
            var coarseLag = Best(coarseOriginal.AsSpan(at / Coarse, Piece / Coarse), coarseHeard.AsSpan(at / Coarse), MaxLag / Coarse);
            var from = Math.Max(0, (coarseLag - 1) * Coarse);
            var lag = from + Best(original.Samples.AsSpan(at, Piece), heard[(at + from)..], 2 * Coarse);
            Compare(original.Samples.AsSpan(at, Piece), heard.Slice(at + lag, Piece));
        }
    }

    private static float[] Decimate(ReadOnlySpan<float> samples)
    {
        var coarse = new float[samples.Length / Coarse];
        for (var i = 0; i < coarse.Length; i++) coarse[i] = TensorPrimitives.Sum(samples.Slice(i * Coarse, Coarse)) / Coarse;
        return coarse;
    }

    private static int Best(ReadOnlySpan<float> piece, ReadOnlySpan<float> heard, int lags)
    {
        var (best, highest) = (0, float.NegativeInfinity);
        for (var lag = 0; lag < lags && lag + piece.Length <= heard.Length; lag++)
        {
            var there = heard.Slice(lag, piece.Length);
            var likeness = TensorPrimitives.Dot(piece, there) / MathF.Sqrt(TensorPrimitives.SumOfSquares(there) + 1e-9f);
            if (likeness > highest) (best, highest) = (lag, likeness);
        }

        return best;
    }

    private void Compare(ReadOnlySpan<float> original, ReadOnlySpan<float> heard)
    {
        for (var at = 0; at < Piece; at += AudioFormat.FrameSamples)
        {
            ReadOnlySpan<float> a = original.Slice(at, AudioFormat.FrameSamples), b = heard.Slice(at, AudioFormat.FrameSamples);
            var power = TensorPrimitives.SumOfSquares(a);
            if (power < AudioFormat.FrameSamples * 1e-5f) continue;
            var difference = TensorPrimitives.Distance(a, b);
            _snr += Math.Clamp(10 * Math.Log10(power / ((difference * difference) + 1e-12)), -10, 35);
            _frames++;
        }

        for (var at = 0; at + Spectrum.Window <= Piece; at += Spectrum.Window / 2)
        {
            var a = original.Slice(at, Spectrum.Window);
            if (TensorPrimitives.SumOfSquares(a) < Spectrum.Window * 1e-5f) continue;
            float[] of = _spectrum.Power(a), to = _spectrum.Power(heard.Slice(at, Spectrum.Window));
            _spectral += Distance(of, to);
            _bark += Distance(Spectrum.CriticalBands(of), Spectrum.CriticalBands(to));
            _spectra++;
        }
    }

    private static double Distance(float[] a, float[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(10 * Math.Log10((x + Floor) / (y + Floor)), 2)).Average());
}
