using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

/// <summary>Makes tones and measures them.</summary>
internal static class Tones
{
    public static float[] Make(double frequency, int rate, int samples, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / rate)))];

    /// <summary>The amplitude of what is at a frequency, at 48 kHz, under a Hann window.</summary>
    public static double Amplitude(ReadOnlySpan<float> samples, double frequency)
    {
        double real = 0, imaginary = 0, weight = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var window = 1 - Math.Cos(2 * Math.PI * i / samples.Length);
            var angle = 2 * Math.PI * frequency * i / AudioFormat.SampleRate;
            real += window * samples[i] * Math.Cos(angle);
            imaginary += window * samples[i] * Math.Sin(angle);
            weight += window;
        }

        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / weight;
    }

    /// <summary>The power of all that is not at a frequency, over the power of what is, in dB.</summary>
    public static double NoiseDb(ReadOnlySpan<float> samples, double frequency)
    {
        // The tone itself, by its amplitude and phase, is taken away; what remains is everything else.
        double sine = 0, cosine = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / AudioFormat.SampleRate;
            sine += 2 * samples[i] * Math.Sin(angle) / samples.Length;
            cosine += 2 * samples[i] * Math.Cos(angle) / samples.Length;
        }

        double rest = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / AudioFormat.SampleRate;
            var difference = samples[i] - (sine * Math.Sin(angle)) - (cosine * Math.Cos(angle));
            rest += difference * difference;
        }

        return 10 * Math.Log10(rest / samples.Length / (((sine * sine) + (cosine * cosine)) / 2));
    }
}
