using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>How loud a voice is, in dBov as RFC 6464 §3 counts it, and whether somebody speaks.</summary>
internal sealed class LevelMeter
{
    /// <summary>The level of silence.</summary>
    public const float Silence = -127f;

    /// <summary>Below this a frame more or less is not heard.</summary>
    public const float Quiet = -50f;

    private const float SpeechOn = -45f;
    private const float SpeechOff = -52f;
    private const int OnsetFrames = 2; // 40 ms: a click is no speech.
    private const int HoldFrames = 20; // 400 ms: a pause between words is no end.
    private const float Attack = 0.6f;
    private const float Release = 0.12f;
    private const float Floor = 2e-13f; // −127 dBov as power.

    private float _power;
    private int _loudFrames;
    private int _holdFrames;

    /// <summary>The smoothed level, −127 … 0 dBov.</summary>
    public float Level { get; private set; } = Silence;

    /// <summary>The level of the last frame alone, −127 … 0 dBov.</summary>
    public float Momentary { get; private set; } = Silence;

    /// <summary>Whether the level is that of speech, with an onset of 40 ms and a hold of 400 ms.</summary>
    public bool IsSpeaking { get; private set; }

    /// <summary>Whether more silence changes nothing.</summary>
    public bool IsSettled => _power <= Floor && !IsSpeaking;

    /// <summary>The level of some samples, −127 … 0 dBov.</summary>
    public static float LevelOf(ReadOnlySpan<float> samples) => ToLevel(PowerOf(samples));

    /// <summary>Takes one 20 ms frame; an empty one is silence.</summary>
    public void Update(ReadOnlySpan<float> frame)
    {
        if (frame.IsEmpty && IsSettled) return;
        var power = PowerOf(frame);
        Momentary = ToLevel(power);
        _power += (power - _power) * (power > _power ? Attack : Release);
        Level = ToLevel(_power);

        _loudFrames = Level > SpeechOn ? _loudFrames + 1 : 0;
        if (_loudFrames >= OnsetFrames || (IsSpeaking && Level > SpeechOff))
        {
            IsSpeaking = true;
            _holdFrames = HoldFrames;
        }
        else if (IsSpeaking && --_holdFrames <= 0)
        {
            IsSpeaking = false;
        }
    }

    /// <summary>Is silent at once, as for a muted voice.</summary>
    public void Reset()
    {
        _power = 0;
        _loudFrames = _holdFrames = 0;
        Level = Momentary = Silence;
        IsSpeaking = false;
    }

    private static float PowerOf(ReadOnlySpan<float> samples) =>
        samples.IsEmpty ? 0f : TensorPrimitives.SumOfSquares(samples) / samples.Length;

    private static float ToLevel(float power) => power <= Floor ? Silence : Math.Min(0f, 10f * MathF.Log10(power));
}
