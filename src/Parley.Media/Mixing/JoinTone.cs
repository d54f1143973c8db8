namespace Parley.Media.Mixing;

/// <summary>
/// Says that somebody joined: two notes, a fifth apart, each struck and fading like a small bell. It is a voice of the mix that is nobody's, so
/// everybody hears it.
/// </summary>
internal sealed class JoinTone
{
    /// <summary>D5 and A5, far above the pitch of voices: both are made out beside each other.</summary>
    private const double First = 587.33, Second = 880;

    /// <summary>When the second note is struck, and how fast a note falls by 1/e, in seconds.</summary>
    private const double Apart = 0.12, Fall = 0.09;

    /// <summary>Full scale is 1: the peak stays below −20 dBFS, under a voice of usual loudness.</summary>
    private const double Amplitude = 0.07;

    /// <summary>0.6 s, at the end of which nothing is left of it; then it may not begin again for two seconds, however many join.</summary>
    private const int Frames = 30, Rest = 100;

    private static readonly float[][] s_frames = Strike();

    private int _frame = Frames + Rest;

    /// <summary>Whether neither the tone nor its rest is left.</summary>
    public bool IsOver => _frame >= Frames + Rest;

    /// <summary>Strikes it, if it is over.</summary>
    public void Begin() => _frame = IsOver ? 0 : _frame;

    /// <summary>The next 20 ms; null while it is silent.</summary>
    public float[]? Next()
    {
        if (IsOver) return null;
        var frame = _frame++;
        return frame < Frames ? s_frames[frame] : null;
    }

    private static float[][] Strike()
    {
        var frames = new float[Frames][];
        for (var frame = 0; frame < Frames; frame++)
        {
            frames[frame] = new float[AudioFormat.FrameSamples];
            for (var i = 0; i < AudioFormat.FrameSamples; i++)
            {
                var at = (frame * AudioFormat.FrameSamples + i) / (double)AudioFormat.SampleRate;
                frames[frame][i] = (float)(Note(First, at) + Note(Second, at - Apart));
            }
        }

        return frames;
    }

    /// <summary>A sine that begins at zero, rises within 5 ms and is zero again at the end of the last frame: nothing steps, so nothing clicks.</summary>
    private static double Note(double frequency, double at)
    {
        const double Rise = 0.005, End = Frames * 0.020;
        if (at < 0) return 0;
        var left = (End - Apart - at) / (End - Apart);
        return left <= 0 ? 0 : Amplitude * Math.Min(1, at / Rise) * Math.Exp(-at / Fall) * left * Math.Sin(2 * Math.PI * frequency * at);
    }
}
