using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>Switches a voice in or out within 5 ms, so that joining, leaving and muting do not click.</summary>
internal sealed class GainRamp
{
    private static readonly float[] Rising = [.. Enumerable.Range(1, AudioFormat.FadeSamples).Select(Weight)];
    private static readonly float[] Falling = [.. Enumerable.Range(1, AudioFormat.FadeSamples).Select(i => 1f - Weight(i))];

    /// <summary>Whether the voice is in after the last frame.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Applies the gain to one frame of at least 240 samples, with a ramp at its start if it changes.</summary>
    public void Apply(Span<float> frame, bool open)
    {
        if (open != IsOpen)
        {
            var ramp = frame[..AudioFormat.FadeSamples];
            TensorPrimitives.Multiply(ramp, open ? Rising : Falling, ramp);
            if (!open) frame[AudioFormat.FadeSamples..].Clear();
        }
        else if (!open)
        {
            frame.Clear();
        }

        IsOpen = open;
    }

    /// <summary>Goes over from what would have come to what comes, over its first 240 samples.</summary>
    public static void CrossFade(ReadOnlySpan<float> from, Span<float> to)
    {
        for (var i = 0; i < AudioFormat.FadeSamples; i++) to[i] = (from[i] * Falling[i]) + (to[i] * Rising[i]);
    }

    /// <summary>Fills in what goes evenly from one factor to another.</summary>
    public static void Between(float from, float to, Span<float> gains)
    {
        for (var i = 0; i < gains.Length; i++) gains[i] = from + ((to - from) * (i + 1) / gains.Length);
    }

    /// <summary>Half a cosine: no corner at either end.</summary>
    private static float Weight(int i) => 0.5f - (0.5f * MathF.Cos(MathF.PI * i / AudioFormat.FadeSamples));
}
