using Parley.Client.Audio;

namespace Parley.Browser.Harness;

/// <summary>
/// What Web Audio's AnalyserNode does with fftSize 8192, for single frequencies: Blackman window, magnitude over N, in dB. So the
/// bounds of <see cref="Observation"/> hold for C# ears as for browsers'.
/// </summary>
internal static class Spectrum
{
    public const int Length = 8_192;

    private static readonly float[] Window = [.. Enumerable.Range(0, Length).Select(n =>
        (float)(0.42 - 0.5 * Math.Cos(2 * Math.PI * n / Length) + 0.08 * Math.Cos(4 * Math.PI * n / Length)))];

    /// <summary>The loudest of the five bins around a frequency.</summary>
    public static double LevelOf(ReadOnlySpan<float> samples, double frequency)
    {
        var at = (int)Math.Round(frequency * Length / AudioFormat.SampleRate);
        var loudest = -200.0;
        for (var bin = at - 2; bin <= at + 2; bin++)
        {
            double real = 0, imaginary = 0;
            var step = 2 * Math.PI * bin / Length;
            for (var n = 0; n < Length; n++)
            {
                var value = samples[n] * Window[n];
                real += value * Math.Cos(step * n);
                imaginary += value * Math.Sin(step * n);
            }

            loudest = Math.Max(loudest, 20 * Math.Log10(Math.Max(1e-10, Math.Sqrt(real * real + imaginary * imaginary) / Length)));
        }

        return loudest;
    }
}
