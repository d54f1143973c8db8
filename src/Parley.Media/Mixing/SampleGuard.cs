using System.Numerics.Tensors;

namespace Parley.Media.Mixing;

/// <summary>Keeps what a hostile bit stream decodes to from reaching the sum: one NaN there would silence a meeting.</summary>
internal static class SampleGuard
{
    /// <summary>Makes samples that are not finite 0, and bounds the others to ±1. Costs one pass over good audio.</summary>
    /// <returns>Whether anything had to be changed.</returns>
    public static bool Bound(Span<float> samples)
    {
        // MaxMagnitude passes NaN on, and no comparison with NaN is true.
        if (samples.IsEmpty || TensorPrimitives.MaxMagnitude<float>(samples) is >= -1f and <= 1f) return false;
        foreach (ref var sample in samples)
        {
            sample = float.IsFinite(sample) ? Math.Clamp(sample, -1f, 1f) : 0f;
        }

        return true;
    }
}
