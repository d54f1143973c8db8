using System.Numerics;

namespace Parley.Terminal.Load;

/// <summary>
/// Delays in microseconds, counted in buckets that grow with them: 32 to each doubling, so a quantile is at most 1/32 too high,
/// and the memory is the same for ten values and for a billion. For one thread.
/// </summary>
internal sealed class DelayHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    /// <summary>What is longer than 2^27 µs (134 s) is counted as that long.</summary>
    private const int MaxBits = 27;

    private readonly long[] _counts = new long[(MaxBits - SubBucketBits + 1) * SubBuckets];

    private double _sum;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, µs; 0 when there are none.</summary>
    public long Max { get; private set; }

    /// <summary>Their mean, µs; 0 when there are none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Counts one; a negative one as 0.</summary>
    public void Record(long microseconds)
    {
        var value = Math.Max(0, microseconds);
        _counts[BucketOf(Math.Min(value, (1L << MaxBits) - 1))]++;
        Count++;
        _sum += value;
        Max = Math.Max(Max, value);
    }

    /// <summary>What <paramref name="quantile"/> (0–1) of the delays do not exceed, µs; 0 when there are none.</summary>
    public long Quantile(double quantile)
    {
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Math.Max(1, Count));
        for (var i = 0; i < _counts.Length; i++)
        {
            if ((rank -= _counts[i]) <= 0) return i == _counts.Length - 1 ? Max : Math.Min(Max, HighestOf(i));
        }

        return Max;
    }

    /// <summary>How many are longer than so many microseconds, to a bucket's width.</summary>
    public long CountAbove(long microseconds)
    {
        var count = 0L;
        for (var i = BucketOf(microseconds) + 1; i < _counts.Length; i++) count += _counts[i];
        return count;
    }

    /// <summary>Takes over what another has counted.</summary>
    public void Add(DelayHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        _sum += other._sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        Count = Max = 0;
        _sum = 0;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static long HighestOf(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket / SubBuckets) - 1;
        return (((bucket % SubBuckets) + SubBuckets + 1L) << shift) - 1;
    }
}
