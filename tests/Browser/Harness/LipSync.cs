namespace Parley.Browser.Harness;

/// <summary>How late a person's voice and picture are where both are played (lips.js).</summary>
/// <param name="Voice">Of each beep, from where it was made to where it was played, in milliseconds.</param>
/// <param name="Skew">At each beep, how much later than the voice the picture was, in milliseconds; negative when it was earlier.</param>
internal sealed record LipSync(double[] Voice, double[] Skew)
{
    /// <summary>Milliseconds that 19 of 20 beeps and pictures are apart at most.</summary>
    public double MostlyWithin => Quantile([.. Skew.Select(Math.Abs)], 0.95);

    /// <summary>In the middle.</summary>
    public double Usual => Quantile(Skew, 0.5);

    public static LipSync Of(Played played, Made made)
    {
        var (voice, skew) = (new List<double>(), new List<double>());
        foreach (var at in played.Voices)
        {
            // The picture that was to be seen then: between two, what lies between their ages.
            var after = Array.FindIndex(played.Pictures, picture => picture.At > at);
            if (after < 1) continue;
            var (one, next) = (played.Pictures[after - 1], played.Pictures[after]);
            var late = (((at - made.At) % made.Period) + made.Period) % made.Period;
            voice.Add(late);
            skew.Add(one.Age + ((next.Age - one.Age) * (at - one.At) / (next.At - one.At)) - late);
        }

        return new LipSync([.. voice], [.. skew]);
    }

    public override string ToString() => FormattableString.Invariant(
        $"the voice {Quantile(Voice, 0.5):0} ms late, the picture {Usual:0} ms more in the middle, {Quantile(Skew, 0.05):0} to {Quantile(Skew, 0.95):0}, 95 % within {MostlyWithin:0} ms, {Skew.Length} beeps");

    private static double Quantile(double[] values, double share) => values.Length == 0 ? double.NaN : values.Order().ElementAt((int)(share * (values.Length - 1)));

    /// <param name="Voices">When the beginning of each beep was played, in milliseconds of Unix time.</param>
    internal sealed record Played(double[] Voices, Picture[] Pictures);

    /// <param name="At">When it was shown.</param>
    /// <param name="Age">From its being drawn, in milliseconds.</param>
    internal sealed record Picture(double At, double Age);

    /// <param name="At">When one of the beeps was made.</param>
    /// <param name="Period">Milliseconds from one to the next.</param>
    internal sealed record Made(double At, double Period);
}
