using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// The sum of all voices of one tick. A listener's mix is the sum minus their own voice: subtracting the very samples that
/// were added leaves less than 2⁻²³ of the loudest, about −138 dB, and exactly nothing when nobody else is heard.
/// </summary>
internal sealed class MixBus
{
    private readonly float[] _sum = new float[AudioFormat.FrameSamples];

    /// <summary>How many voices are in the sum.</summary>
    public int Voices { get; private set; }

    /// <summary>Begins a tick.</summary>
    public void Clear() => Voices = 0;

    /// <summary>Adds a voice of 960 samples.</summary>
    public void Add(ReadOnlySpan<float> voice)
    {
        if (Voices++ == 0)
        {
            voice.CopyTo(_sum);
        }
        else
        {
            TensorPrimitives.Add(_sum, voice, _sum);
        }
    }

    /// <summary>Writes the mix for a listener: without their own voice, which is empty if they are not in the sum.</summary>
    public void MixMinus(ReadOnlySpan<float> own, Span<float> mix)
    {
        if (Voices == 0)
        {
            mix.Clear();
        }
        else if (own.IsEmpty)
        {
            _sum.CopyTo(mix);
        }
        else
        {
            TensorPrimitives.Subtract(_sum, own, mix);
        }
    }
}
