using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed class LimiterTests
{
    [Fact]
    public void Nothing_leaves_beyond_full_scale()
    {
        // Frames of noise whose loudness jumps by up to 80 dB from one to the next.
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Double[-3, 1.3]).Array[1, 20].Sample(frames =>
        {
            var limiter = new Limiter();
            return frames.All(frame =>
            {
                var samples = Noise(frame.Item1, (float)Math.Pow(10, frame.Item2));
                limiter.Process(samples);
                return samples.All(sample => sample is >= -1f and <= 1f);
            });
        });
    }

    [Fact]
    public void Below_minus_3_dB_not_a_bit_changes()
    {
        Gen.Int[0, int.MaxValue].Array[1, 10].Sample(seeds =>
        {
            var limiter = new Limiter();
            return seeds.All(seed =>
            {
                var samples = Noise(seed, 0.7f);
                var limited = samples.ToArray();
                limiter.Process(limited);
                return samples.AsSpan().SequenceEqual(limited);
            });
        });
    }

    [Fact]
    public void Five_people_at_full_voice_stay_clean()
    {
        var limiter = new Limiter();
        var tone = Tones.Sine(500, 3.0, 48_000);
        for (var at = 0; at < tone.Length; at += 960) limiter.Process(tone.AsSpan(at, 960));

        var settled = tone.AsSpan(24_000);
        Assert.InRange(Tones.LevelDb(settled, 500), -1.5, 0);
        Assert.InRange(Tones.LevelDb(settled, 1_500), -200, -40); // Third harmonic: below 1 %.
    }

    [Fact]
    public void It_lets_go_within_half_a_second()
    {
        var limiter = new Limiter();
        limiter.Process(Tones.Sine(500, 3.0, 960));
        var last = new float[960];
        for (var i = 0; i < 50; i++)
        {
            last = Tones.Sine(500, 0.5, 960);
            limiter.Process(last);
        }

        Assert.Equal(Tones.Sine(500, 0.5, 960), last);
    }

    [Fact]
    public void Its_gain_does_not_step()
    {
        var limiter = new Limiter();
        var samples = Tones.Sine(100, 0.3, 9_600);
        Tones.Sine(100, 2.0, 4_800).CopyTo(samples.AsSpan(1_920)); // Louder at a zero crossing, then softer at one.
        for (var at = 0; at < samples.Length; at += 960) limiter.Process(samples.AsSpan(at, 960));

        Assert.InRange(Tones.MaxStep(samples), 0, 2.0 * 2 * Math.PI * 100 / 48_000 * 1.3);
    }

    private static float[] Noise(int seed, float amplitude)
    {
        var random = new Random(seed);
        var samples = new float[960];
        for (var i = 0; i < samples.Length; i++) samples[i] = amplitude * ((2 * random.NextSingle()) - 1);
        return samples;
    }
}
