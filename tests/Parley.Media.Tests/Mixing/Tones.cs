namespace Parley.Media.Tests.Mixing;

/// <summary>Makes tones and finds them again.</summary>
internal static class Tones
{
    public static float[] Sine(double frequency, double amplitude, int samples, long start = 0)
    {
        var tone = new float[samples];
        for (var i = 0; i < samples; i++)
        {
            tone[i] = (float)(amplitude * Math.Sin(2 * Math.PI * frequency * (start + i) / 48_000));
        }

        return tone;
    }

    /// <summary>Voiced speech in the rough: harmonics of a gliding pitch under a syllable's envelope. Never exactly periodic.</summary>
    public static float[] Speech(int samples, double amplitude = 0.3)
    {
        var speech = new float[samples];
        var phase = 0.0;
        for (var i = 0; i < samples; i++)
        {
            var t = i / 48_000.0;
            phase += 2 * Math.PI * (140 + (40 * Math.Sin(2 * Math.PI * 1.3 * t))) / 48_000;
            var value = 0.0;
            for (var h = 1; h <= 12; h++) value += Math.Sin(h * phase) / h;
            speech[i] = (float)(amplitude * value * (0.55 + (0.45 * Math.Sin(2 * Math.PI * 3.1 * t))) / 2);
        }

        return speech;
    }

    /// <summary>The level of one frequency in dB re full-scale sine, through a Blackman–Harris window (side lobes −92 dB).</summary>
    public static double LevelDb(ReadOnlySpan<float> samples, double frequency)
    {
        double re = 0, im = 0, weight = 0;
        var n = samples.Length;
        for (var i = 0; i < n; i++)
        {
            var x = 2 * Math.PI * i / n;
            var w = 0.35875 - (0.48829 * Math.Cos(x)) + (0.14128 * Math.Cos(2 * x)) - (0.01168 * Math.Cos(3 * x));
            var angle = 2 * Math.PI * frequency * i / 48_000;
            re += w * samples[i] * Math.Cos(angle);
            im += w * samples[i] * Math.Sin(angle);
            weight += w;
        }

        return 20 * Math.Log10(Math.Max(1e-12, 2 * Math.Sqrt((re * re) + (im * im)) / weight));
    }

    public static double SnrDb(ReadOnlySpan<float> reference, ReadOnlySpan<float> actual)
    {
        double signal = 0, noise = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            signal += reference[i] * reference[i];
            noise += Math.Pow(reference[i] - actual[i], 2);
        }

        return 10 * Math.Log10(signal / Math.Max(noise, 1e-20));
    }

    public static double MaxStep(ReadOnlySpan<float> samples)
    {
        var step = 0.0;
        for (var i = 1; i < samples.Length; i++) step = Math.Max(step, Math.Abs(samples[i] - samples[i - 1]));
        return step;
    }
}
