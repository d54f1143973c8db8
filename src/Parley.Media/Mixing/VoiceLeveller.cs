using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// Brings a voice to the loudness of the others: slowly, while somebody speaks, and never by more than makes a room's noise a nuisance. Pauses
/// leave the gain as it is, so they do not swell.
/// </summary>
internal sealed class VoiceLeveller
{
    /// <summary>What speech is brought to, in dBov over its loud parts; and by how many dB at most, down and up.</summary>
    internal const float Target = -24, MostDown = 12, MostUp = 12;

    /// <summary>What the voice is takes 2 s to be believed; the gain moves by 3 dB a second at most.</summary>
    private const float Weight = 0.01f, StepDb = 0.06f;

    /// <summary>So much below what the voice usually is are the ends of words, which tell nothing.</summary>
    private const float Tail = 12;

    private readonly float[] _gains = new float[AudioFormat.FrameSamples];
    private float? _level;
    private float _gainDb;

    /// <summary>Multiplies a frame, whose level the meter has taken before.</summary>
    public void Process(Span<float> frame, LevelMeter meter)
    {
        var before = _gainDb;
        if (meter.IsSpeaking) Follow(meter.Momentary);
        if (before == 0 && _gainDb == 0) return;
        if (before == _gainDb)
        {
            TensorPrimitives.Multiply(frame, Factor(_gainDb), frame);
            return;
        }

        GainRamp.Between(Factor(before), Factor(_gainDb), _gains);
        TensorPrimitives.Multiply(frame, _gains, frame);
    }

    /// <summary>The voice is another's, or begins anew.</summary>
    public void Reset() => (_level, _gainDb) = (null, 0);

    private void Follow(float level)
    {
        if (level < _level - Tail) return;
        _level = _level is { } known ? known + ((level - known) * Weight) : level;
        var wanted = Math.Clamp(Target - _level.Value, -MostDown, MostUp);
        _gainDb += Math.Clamp(wanted - _gainDb, -StepDb, StepDb);
    }

    private static float Factor(float db) => MathF.Pow(10, db / 20);
}
