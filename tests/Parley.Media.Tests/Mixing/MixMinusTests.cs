using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>Who hears whom, by a tone for each participant.</summary>
public sealed class MixMinusTests
{
    private static readonly double[] Frequencies = [440, 700, 1_100, 1_730, 2_600];

    [Fact]
    public void Everyone_hears_everyone_but_themself()
    {
        using var meeting = new MixerHarness();
        foreach (var frequency in Frequencies) meeting.Join(tick => Tones.Sine(frequency, 0.1, 960, tick * 960));

        meeting.Run(150);

        for (var listener = 0; listener < Frequencies.Length; listener++)
        {
            var heard = meeting.Clients[listener].LastSeconds(2);
            for (var speaker = 0; speaker < Frequencies.Length; speaker++)
            {
                var level = Tones.LevelDb(heard, Frequencies[speaker]);
                TestContext.Current.TestOutputHelper?.WriteLine($"{listener} hears {speaker} at {level:F1} dB");
                if (speaker == listener)
                {
                    AssertAbsent(heard, Frequencies, listener);
                }
                else
                {
                    Assert.InRange(level, -26, -14);
                }
            }
        }
    }

    [Fact]
    public void Ones_own_voice_is_absent_from_the_sum_to_float_precision()
    {
        var bus = new MixBus();
        var own = Tones.Sine(440, 0.9, 48_000);
        var other = Tones.Sine(1_000, 0.001, 48_000);
        var mix = new float[48_000];
        for (var at = 0; at < mix.Length; at += 960)
        {
            bus.Clear();
            bus.Add(other.AsSpan(at, 960));
            bus.Add(own.AsSpan(at, 960));
            bus.MixMinus(own.AsSpan(at, 960), mix.AsSpan(at, 960));
        }

        Assert.InRange(Tones.LevelDb(mix, 1_000), -60.1, -59.9);
        Assert.InRange(Tones.LevelDb(mix, 440), -300, -140);
    }

    [Fact]
    public void A_lone_voice_hears_exactly_nothing_of_itself()
    {
        var bus = new MixBus();
        var own = Tones.Sine(440, 0.9, 960);
        var mix = new float[960];
        bus.Clear();
        bus.Add(own);

        bus.MixMinus(own, mix);

        Assert.All(mix, sample => Assert.Equal(0f, sample));
    }

    [Fact]
    public void A_leak_at_minus_40_dB_is_found_by_the_same_measure()
    {
        using var meeting = new MixerHarness();
        meeting.Join(tick => Tones.Sine(Frequencies[0], 0.1, 960, tick * 960));
        meeting.Join(tick =>
            Mixed(Tones.Sine(Frequencies[1], 0.1, 960, tick * 960), Tones.Sine(Frequencies[0], 0.001, 960, tick * 960)));

        meeting.Run(150);

        Assert.ThrowsAny<Exception>(() => AssertAbsent(meeting.Clients[0].LastSeconds(2), Frequencies[..2], 0));
    }

    [Fact]
    public void Two_meetings_do_not_cross()
    {
        using var first = new MixerHarness();
        using var second = new MixerHarness();
        first.Join(tick => Tones.Sine(Frequencies[0], 0.1, 960, tick * 960));
        first.Join(tick => Tones.Sine(Frequencies[1], 0.1, 960, tick * 960));
        second.Join(tick => Tones.Sine(Frequencies[2], 0.1, 960, tick * 960));
        second.Join(_ => new float[960]);
        for (var i = 0; i < 150; i++)
        {
            first.Run(1);
            second.Run(1);
        }

        AssertAbsent(second.Clients[1].LastSeconds(2), [Frequencies[0], Frequencies[2]], 0);
        AssertAbsent(second.Clients[1].LastSeconds(2), [Frequencies[1], Frequencies[2]], 0);
    }

    /// <summary>
    /// Opus adds noise around and between tones; absent means that a frequency is 50 dB below the tones that are there and no
    /// more than the noise beside it would be.
    /// </summary>
    private static void AssertAbsent(ReadOnlySpan<float> heard, double[] frequencies, int absent)
    {
        var present = frequencies.Where((_, i) => i != absent).ToArray();
        var loudest = double.NegativeInfinity;
        foreach (var frequency in present) loudest = Math.Max(loudest, Tones.LevelDb(heard, frequency));

        var noise = double.NegativeInfinity;
        foreach (var offset in (double[])[-37, -29, -23, 23, 29, 37])
        {
            noise = Math.Max(noise, Tones.LevelDb(heard, frequencies[absent] + offset));
        }

        var level = Tones.LevelDb(heard, frequencies[absent]);
        TestContext.Current.TestOutputHelper?.WriteLine($"absent {level:F1} dB, noise beside {noise:F1}, loudest {loudest:F1}");
        Assert.InRange(loudest, -30, 0);
        Assert.True(level < loudest - 50 && level < Math.Max(noise + 10, -80), $"{level:F1} dB; noise {noise:F1}");
    }

    private static float[] Mixed(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
