using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>The tone that says that somebody joined, as those hear it who are there: decoded from what they are sent.</summary>
public sealed class JoinToneTests
{
    private const double First = 587.33, Second = 880, Voice = 2_400;

    /// <summary>Of the tone alone and of everything: it is under a voice, whose peaks are at some −10 dBFS.</summary>
    private const float Loudest = 0.1f;

    [Fact]
    public void Everybody_hears_it_once_whether_they_speak_or_not_and_then_nothing()
    {
        using var mixer = new MixerHarness();
        var silent = mixer.Join(_ => new float[960]);
        var speaking = mixer.Join(tick => Tones.Sine(Voice, 0.05, 960, tick * 960));
        mixer.Run(100);
        mixer.Mixer.PlayJoinTone();
        mixer.Run(200);
        foreach (var (who, ownVoice) in new[] { (silent, false), (speaking, true) })
        {
            var heard = who.Heard.ToArray().AsSpan();
            Assert.True(Tones.LevelDb(heard[..96_000], First) < -70);
            Assert.InRange(Tones.LevelDb(heard.Slice(97_000, 4_800), First), -40, -20);
            Assert.InRange(Tones.LevelDb(heard.Slice(103_000, 4_800), Second), -40, -20);
            Assert.True(Tones.LevelDb(heard[^96_000..], First) < -70);
            Assert.True(Tones.LevelDb(heard[^96_000..], Second) < -70);
            Assert.Equal(!ownVoice, Tones.LevelDb(heard[^48_000..], Voice) > -50);
        }
    }

    [Fact]
    public void It_is_not_loud_and_does_not_click()
    {
        using var mixer = new MixerHarness();
        var ear = mixer.Join(_ => new float[960]);
        mixer.Join(_ => new float[960]);
        mixer.Run(50);
        mixer.Mixer.PlayJoinTone();
        mixer.Run(80);
        var heard = ear.Heard.ToArray();
        Assert.InRange(heard.Max(Math.Abs), 0.04f, Loudest);

        // A click is a step beyond what two sines of that loudness take, or something far above them.
        Assert.True(Tones.MaxStep(heard) < Loudest * 2 * Math.PI * Second / 48_000);
        foreach (var frequency in new[] { 4_000, 7_000, 11_000 }) Assert.True(Tones.LevelDb(heard, frequency) < -75, $"{frequency} Hz");
    }

    [Fact]
    public void However_many_join_it_sounds_once_in_a_while()
    {
        using var mixer = new MixerHarness();
        var ear = mixer.Join(_ => new float[960]);
        mixer.Join(_ => new float[960]);
        for (var i = 0; i < 300; i++)
        {
            mixer.Mixer.PlayJoinTone();
            mixer.Run(1);
        }

        // 6 s: at 0, 2.6 and 5.2.
        var heard = ear.Heard.ToArray();
        var loud = Enumerable.Range(0, 300).Select(tick => heard.AsSpan(tick * 960, 960).ToArray().Max(Math.Abs) > 0.03f).ToArray();
        Assert.Equal(3, loud.Where((isLoud, i) => isLoud && !loud.Skip(Math.Max(0, i - 50)).Take(Math.Min(i, 50)).Any(before => before)).Count());
    }

    [Fact]
    public void A_quiet_meeting_wakes_up_for_it_and_goes_to_sleep_again()
    {
        using var mixer = new MixerHarness { LeavesOut = true };
        var ears = new[] { mixer.Join(_ => new float[960]), mixer.Join(_ => new float[960]) };
        foreach (var ear in ears) ear.IsSending = false;
        mixer.Run(300);
        Assert.True(mixer.Mixer.IsIdle);
        mixer.Mixer.PlayJoinTone();
        Assert.False(mixer.Mixer.IsIdle);
        mixer.Run(400);
        Assert.True(mixer.Mixer.IsIdle);
        Assert.All(ears, ear => Assert.True(Tones.LevelDb(ear.Heard.ToArray().AsSpan(300 * 960, 9_600), First) > -40));
    }
}
