namespace Parley.Browser.Harness;

/// <summary>The longest time each voice and each picture was missing during a recording (recorder.js).</summary>
internal sealed record Gaps(VoiceGap[] Voices, PictureGap[] Pictures)
{
    /// <summary>Milliseconds. What is aimed at is 60 for a voice and 250 for a picture; this is for a slow machine.</summary>
    private const double Short = 500;

    /// <summary>Milliseconds. Who is gone for longer did not stay while the way changed, but came back by another.</summary>
    private const double Lost = 5_000;

    private const int Rounds = 3;

    /// <summary>
    /// The same again until nothing was missing for long, three times at most. A machine that is busy with other things makes gaps of its
    /// own now and then; those of a hand-over are there each time.
    /// </summary>
    /// <param name="round">What is to leave no gap, ending where it began; gives what each recorded.</param>
    public static async Task AreShortIn(Func<Task<Gaps[]>> round)
    {
        for (var rounds = Rounds; ; rounds--)
        {
            var recorded = await round();
            foreach (var gaps in recorded) gaps.AreShorterThan(Lost);
            if (recorded.All(gaps => gaps.Longest <= Short)) return;
            Assert.True(rounds > 1, $"Something was gone for long in each of {Rounds} rounds, at last: {string.Join(" | ", recorded.AsEnumerable())}");
            Figures.Print("Gone for long, by us or by the machine: once more");
        }
    }

    private double Longest => Voices.Select(voice => voice.Longest).Concat(Pictures.Select(picture => picture.Longest)).Max();

    /// <summary>Enough was recorded, and nothing was missing for longer.</summary>
    /// <param name="longest">Milliseconds.</param>
    public void AreShorterThan(double longest)
    {
        foreach (var voice in Voices)
        {
            Assert.True(voice.Readings > 100 && voice.Level > -50, $"The voice was not recorded: {this}");
            Assert.True(voice.Longest <= longest, $"A voice was gone for long: {this}");
        }

        foreach (var picture in Pictures)
        {
            Assert.True(picture.Readings > 20, $"The picture was not recorded: {this}");
            Assert.True(picture.Longest <= longest, $"A picture stood still for long: {this}");
        }
    }

    public override string ToString() => $"{string.Join(" · ", Voices.AsEnumerable())} · {string.Join(" · ", Pictures.AsEnumerable())}";
}

/// <param name="Level">dB, while it is there.</param>
/// <param name="Longest">Milliseconds.</param>
/// <param name="At">Seconds from the start.</param>
/// <param name="Readings">How often the level was read.</param>
internal sealed record VoiceGap(int Frequency, double Level, double Longest, double At, int Readings)
{
    public override string ToString() => FormattableString.Invariant($"{Frequency} Hz gone {Longest:0} ms at {At:0.0} s ({Readings} readings, {Level:0} dB)");
}

/// <param name="Longest">Milliseconds between two pictures whose clock went on.</param>
/// <param name="At">Seconds from the start.</param>
/// <param name="Readings">Pictures read.</param>
/// <param name="Widths">Each change of its width, the first picture's included.</param>
internal sealed record PictureGap(string Name, double Longest, double At, int Readings, Width[] Widths)
{
    public override string ToString() => FormattableString.Invariant($"{Name} still for {Longest:0} ms at {At:0.0} s ({Readings} pictures)");
}

/// <param name="At">When the first picture of this width was shown, in milliseconds of Unix time.</param>
/// <param name="Pixels">Of the picture itself, not of its tile.</param>
internal sealed record Width(double At, int Pixels);
