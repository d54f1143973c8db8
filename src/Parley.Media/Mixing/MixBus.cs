using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// The voices of one tick, and their sum. Who speaks hears the sum of the others, added up once more in the same order: what is taken
/// out of a sum of floats again leaves a rounding error, which is not heard, but an encoder that is given it comes to other packets than
/// one that was given the others alone.
/// </summary>
internal sealed class MixBus
{
    private readonly List<float[]> _voices = [];
    private readonly float[] _sum = new float[AudioFormat.FrameSamples];
    private readonly float[] _scaled = new float[AudioFormat.FrameSamples];

    /// <summary>How many voices are in the sum.</summary>
    public int Voices => _voices.Count;

    /// <summary>The level of all together, −127 … 0 dBov.</summary>
    public float Level => Voices == 0 ? LevelMeter.Silence : LevelMeter.LevelOf(_sum);

    /// <summary>Begins a tick.</summary>
    public void Clear() => _voices.Clear();

    /// <summary>Adds a voice of 960 samples, which stay as they are until the next tick.</summary>
    public void Add(float[] voice)
    {
        Add(voice, _sum, isFirst: Voices == 0);
        _voices.Add(voice);
    }

    /// <summary>Writes the mix for a listener.</summary>
    /// <param name="own">Their own voice, which is not in it; null if they have none.</param>
    /// <param name="volumes">How loud they want the others; null for as they are.</param>
    /// <param name="mix">960 samples.</param>
    /// <returns>Whether any voice is in it.</returns>
    public bool Mix(float[]? own, VoiceVolumes? volumes, Span<float> mix)
    {
        if (own is null && volumes is null)
        {
            if (Voices > 0) _sum.CopyTo(mix);
            return Voices > 0;
        }

        var isFirst = true;
        foreach (var voice in _voices)
        {
            if (ReferenceEquals(voice, own)) continue;
            var (from, to) = volumes?.Take(voice) ?? (1, 1);
            if (from == 0 && to == 0) continue;
            Add(from == 1 && to == 1 ? voice : Scale(voice, from, to), mix, isFirst);
            isFirst = false;
        }

        return !isFirst;
    }

    private float[] Scale(float[] voice, float from, float to)
    {
        if (from == to)
        {
            TensorPrimitives.Multiply(voice, to, _scaled);
            return _scaled;
        }

        GainRamp.Between(from, to, _scaled);
        TensorPrimitives.Multiply(voice, _scaled, _scaled);
        return _scaled;
    }

    private static void Add(float[] voice, Span<float> sum, bool isFirst)
    {
        if (isFirst) voice.CopyTo(sum);
        else TensorPrimitives.Add(sum, voice, sum);
    }
}
