using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>
/// Keeps a mix within ±1 and leaves it untouched below −3 dBFS. The gain follows the peak of each 5 ms and is ramped in
/// between; inside a frame it sees the next peak coming, so nothing is delayed. Only a peak that opens a frame can outrun
/// it, and what that leaves above −0.4 dBFS is bent under 1.
/// </summary>
public sealed class Limiter
{
    /// <summary>Transparent up to here: −3 dBFS.</summary>
    public const float Threshold = 0.7079458f;

    private const float Ceiling = 0.95f;
    private const int BlockSamples = AudioFormat.FadeSamples;
    private const float Release = 0.05f; // Per 5 ms: a time constant of 100 ms.

    private static readonly float[] RampShape = [.. Enumerable.Range(1, BlockSamples).Select(i => (float)i / BlockSamples)];

    private readonly float[] _gains = new float[BlockSamples];
    private float _gain = 1f;

    /// <summary>Limits, in place, a frame of finite samples whose length is a multiple of 240.</summary>
    public void Process(Span<float> frame)
    {
        if (_gain == 1f && Peak(frame) <= Threshold) return;

        var current = GainFor(Peak(frame[..BlockSamples]));
        for (var start = 0; start < frame.Length; start += BlockSamples)
        {
            var block = frame.Slice(start, BlockSamples);
            var hasNext = start + BlockSamples < frame.Length;
            var next = hasNext ? GainFor(Peak(frame.Slice(start + BlockSamples, BlockSamples))) : 1f;

            // Up slowly, down at once, and low enough at each seam for the blocks on both sides of it.
            var end = Math.Min(Math.Min(current, next), _gain + ((1f - _gain) * Release));
            if (end > 0.9999f) end = 1f;
            Ramp(block, Math.Min(_gain, 1f), end);
            _gain = end;
            current = next;
        }
    }

    /// <summary>Goes on as the other would.</summary>
    public void CopyFrom(Limiter other) => _gain = other._gain;

    private void Ramp(Span<float> block, float from, float to)
    {
        if (from != 1f || to != 1f)
        {
            TensorPrimitives.Multiply(RampShape, to - from, _gains);
            TensorPrimitives.Add(_gains, from, _gains);
            TensorPrimitives.Multiply(block, _gains, block);
        }

        if (Peak(block) <= Ceiling) return;
        foreach (ref var sample in block)
        {
            var magnitude = MathF.Abs(sample);
            if (magnitude > Ceiling) sample = MathF.CopySign(Bend(magnitude, Ceiling, 1f), sample);
        }
    }

    private static float GainFor(float peak) => peak <= Threshold ? 1f : Bend(peak, Threshold, Ceiling) / peak;

    /// <summary>Maps [knee, ∞) onto [knee, top), smoothly at the knee.</summary>
    private static float Bend(float value, float knee, float top)
    {
        var over = (value - knee) / (top - knee);
        return knee + ((top - knee) * (over / (1f + over)));
    }

    private static float Peak(ReadOnlySpan<float> samples) => MathF.Abs(TensorPrimitives.MaxMagnitude(samples));
}
