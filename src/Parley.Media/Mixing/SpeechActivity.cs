namespace Parley.Media.Mixing;

/// <summary>
/// How likely it is that a participant speaks, seen over 20 ms, 100 ms and 1 s: a cough has the first, a word the second too, only a sentence all
/// three. After I. Volfin and I. Cohen, "Dominant speaker identification for multipoint videoconferencing" (2013), with the constants that jitsi
/// uses for levels in place of sub-bands.
/// </summary>
internal sealed class SpeechActivity
{
    /// <summary>The steps of a level, and how many dB each is: the least part of which one counts as active.</summary>
    private const int Steps = 13, StepDb = 10;

    /// <summary>Frames of a medium, and mediums of a long.</summary>
    private const int MediumFrames = 5, LongMediums = 10, Frames = MediumFrames * LongMediums;

    /// <summary>Of which a frame counts for its medium, and a medium for the long.</summary>
    private const int ActiveStep = 7, ActiveFrames = 4;

    /// <summary>The likelihood ratio grows with this for each active part.</summary>
    private const double ImmediateRate = 0.78, MediumRate = 24, LongRate = 47;

    /// <summary>What silence is worth: a ratio to it must exist.</summary>
    private const double Least = 1e-10;

    /// <summary>How long the quietest frame is remembered: 15 s. What is no louder than a step above it is the room.</summary>
    private const int QuietFrames = 750;

    private static readonly double[] s_immediate = Scores(Steps, ImmediateRate), s_medium = Scores(MediumFrames, MediumRate), s_long = Scores(LongMediums, LongRate);

    /// <summary>Above this, −37 dBov, it is no room: music and a held note have no pauses either.</summary>
    private const float LoudestRoom = 90;

    /// <summary>The steps of the last second, the newest at <see cref="_at"/>.</summary>
    private readonly byte[] _frames = new byte[Frames];
    private int _at;
    private float _quietest = float.PositiveInfinity, _quietestSoon = float.PositiveInfinity;
    private int _sinceQuiet;

    /// <summary>The scores of the last <see cref="Evaluate"/>, above 0.</summary>
    public double Immediate { get; private set; } = Least;

    /// <inheritdoc cref="Immediate"/>
    public double Medium { get; private set; } = Least;

    /// <inheritdoc cref="Immediate"/>
    public double Long { get; private set; } = Least;

    /// <summary>Takes the level of the next 20 ms, −127 … 0 dBov.</summary>
    public void Update(float level)
    {
        var loudness = level - LevelMeter.Silence;
        Remember(loudness);
        _at = (_at + 1) % Frames;
        _frames[_at] = (byte)(loudness < Math.Min(_quietest + StepDb, LoudestRoom) ? 0 : Math.Min((int)(loudness / StepDb), Steps));
    }

    /// <summary>Looks back over the last second.</summary>
    public void Evaluate()
    {
        var (mediums, newest) = (0, 0);
        for (var medium = 0; medium < LongMediums; medium++)
        {
            var active = 0;
            for (var i = 0; i < MediumFrames; i++) active += Recent(medium * MediumFrames + i) > ActiveStep ? 1 : 0;
            if (medium == 0) newest = active;
            if (active > ActiveFrames) mediums++;
        }

        (Immediate, Medium, Long) = (s_immediate[Recent(0)], s_medium[newest], s_long[mediums]);
    }

    private int Recent(int back) => _frames[(_at - back + Frames) % Frames];

    /// <summary>The least of the last 15 to 30 s; digital silence says nothing of a room.</summary>
    private void Remember(float loudness)
    {
        if (loudness <= 0) return;
        _quietestSoon = Math.Min(_quietestSoon, loudness);
        _quietest = Math.Min(_quietest, loudness);
        if (++_sinceQuiet < QuietFrames) return;
        (_quietest, _quietestSoon, _sinceQuiet) = (_quietestSoon, float.PositiveInfinity, 0);
    }

    /// <summary>For each number of active parts: the log of the likelihood that it is speech (exponential) over that it is noise (binomial, a half).</summary>
    private static double[] Scores(int parts, double rate)
    {
        var scores = new double[parts + 1];
        var binomial = 1.0;
        for (var active = 0; active <= parts; active++)
        {
            if (active > 0) binomial = binomial * (parts - active + 1) / active;
            scores[active] = Math.Max(Least, Math.Log(binomial) + parts * Math.Log(0.5) - Math.Log(rate) + rate * active);
        }

        return scores;
    }
}
