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

        meeting.Run(300);

        for (var listener = 0; listener < Frequencies.Length; listener++)
        {
            var heard = meeting.Clients[listener].LastSeconds(5);
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
                    Assert.InRange(level, -28, -14);
                }
            }
        }
    }

    [Fact]
    public void Ones_own_voice_is_nothing_at_all_in_what_one_hears()
    {
        var bus = new MixBus();
        float[] own = Tones.Sine(440, 0.9, 960), second = Tones.Sine(1_000, 0.001, 960), third = Tones.Speech(960);
        float[] heard = new float[960], without = new float[960];
        bus.Add(second);
        bus.Add(third);
        bus.Mix(null, null, without);

        bus.Clear();
        bus.Add(second);
        bus.Add(own);
        bus.Add(third);
        bus.Mix(own, null, heard);

        Assert.Equal(3, bus.Voices);
        Assert.Equal(without, heard);
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
    /// Opus adds noise around and between tones; absent means that a frequency is 45 dB below the tones that are there and no
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
        Assert.True(level < loudest - 45 && level < Math.Max(noise + 12, -80), $"{level:F1} dB; noise {noise:F1}");
    }

    private static float[] Mixed(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
