using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// Makes speech shorter or longer by one period of its pitch: where two stretches that follow each other are alike, one fades into the other. Neither
/// pitch nor loudness changes, and there is no step.
/// </summary>
internal static class TimeStretcher
{
    /// <summary>How much it looks at: 20 ms.</summary>
    public const int Samples = AudioFormat.FrameSamples;

    /// <summary>The longest period, 15 ms: a voice of 67 Hz.</summary>
    public const int MaxPeriod = 720;

    /// <summary>The shortest, 2.5 ms: 400 Hz. Of a higher voice it is several.</summary>
    private const int MinPeriod = 120;

    /// <summary>What must be alike, and is faded: at most 10 ms, at least the 5 that are left beside the longest period.</summary>
    private const int MaxOverlap = 480;

    /// <summary>As NetEq has it: less alike than this is heard.</summary>
    private const float Alike = 0.9f;

    /// <summary>Periods are sought at 8 kHz first.</summary>
    private const int Coarse = 6;

    /// <summary>The period by which the beginning of some samples can be stretched; 0 when it would be heard.</summary>
    /// <param name="samples">960.</param>
    /// <param name="longest">The longest that will do.</param>
    /// <param name="isUrgent">Whether to take the best there is, however bad.</param>
    public static int FindPeriod(ReadOnlySpan<float> samples, int longest, bool isUrgent)
    {
        longest = Math.Min(longest, MaxPeriod);
        if (longest < MinPeriod) return 0;
        if (LevelMeter.LevelOf(samples) < LevelMeter.Quiet) return longest;
        Span<float> coarse = stackalloc float[Samples / Coarse];
        for (var i = 0; i < coarse.Length; i++) coarse[i] = TensorPrimitives.Sum(samples.Slice(i * Coarse, Coarse));

        var near = Best(coarse, MinPeriod / Coarse, longest / Coarse, MaxOverlap / Coarse, out _) * Coarse;
        var period = Best(samples, Math.Max(MinPeriod, near - Coarse), Math.Min(longest, near + Coarse), MaxOverlap, out var likeness);
        return likeness >= Alike || isUrgent ? period : 0;
    }

    /// <summary>Takes a period out of the beginning: all but the last so many samples are then the shortened.</summary>
    public static void Shorten(Span<float> samples, int period)
    {
        Span<float> faded = stackalloc float[Overlap(Samples, period, MaxOverlap)];
        Fade(samples[..faded.Length], samples.Slice(period, faded.Length), faded);
        samples[period..].CopyTo(samples);
        faded.CopyTo(samples);
    }

    /// <summary>Puts a period in at the beginning.</summary>
    /// <param name="samples">The last so many of them have room for what is put in.</param>
    /// <param name="period">How many samples.</param>
    public static void Lengthen(Span<float> samples, int period)
    {
        Span<float> faded = stackalloc float[Overlap(Samples, period, MaxOverlap)];
        Fade(samples.Slice(period, faded.Length), samples[..faded.Length], faded);
        samples[faded.Length..^period].CopyTo(samples[(faded.Length + period)..]);
        faded.CopyTo(samples[period..]);
    }

    private static int Overlap(int length, int period, int most) => Math.Min(most, length - period);

    private static int Best(ReadOnlySpan<float> samples, int from, int to, int most, out float highest)
    {
        var best = from;
        highest = float.NegativeInfinity;
        for (var period = from; period <= to; period++)
        {
            var overlap = Overlap(samples.Length, period, most);
            ReadOnlySpan<float> first = samples[..overlap], second = samples.Slice(period, overlap);
            var power = TensorPrimitives.SumOfSquares(first) * TensorPrimitives.SumOfSquares(second);
            var likeness = power > 0 ? TensorPrimitives.Dot(first, second) / MathF.Sqrt(power) : 0;
            if (likeness > highest) (best, highest) = (period, likeness);
        }

        return best;
    }

    private static void Fade(ReadOnlySpan<float> from, ReadOnlySpan<float> to, Span<float> destination)
    {
        // What is alike adds up by amplitude: the weights' sum is 1.
        var step = 1f / (from.Length + 1);
        for (var i = 0; i < from.Length; i++) destination[i] = from[i] + ((to[i] - from[i]) * (i + 1) * step);
    }
}
