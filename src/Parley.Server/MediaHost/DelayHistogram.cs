using System.Numerics;

namespace Parley.Server.MediaHost;

/// <summary>
/// How long things took: counts in buckets that are an eighth of a power of two of microseconds wide, so that what is read is at most an eighth too
/// much. One thread records, any reads; nobody waits, and nothing is allocated.
/// </summary>
internal sealed class DelayHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;

    /// <summary>2^24 µs, 17 s: what takes longer is in the last bucket.</summary>
    private const int Octaves = 24;

    private readonly long[] _counts = new long[Octaves * Steps];
    private long _count;
    private long _max;

    /// <summary>How many were recorded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The longest.</summary>
    public TimeSpan Max => new(Volatile.Read(ref _max));

    /// <summary>Counts one.</summary>
    public void Record(TimeSpan delay)
    {
        ref var bucket = ref _counts[BucketOf(delay)];
        Volatile.Write(ref bucket, bucket + 1);
        Volatile.Write(ref _count, _count + 1);
        if (delay.Ticks > _max) Volatile.Write(ref _max, delay.Ticks);
    }

    /// <summary>What this fraction of all took no longer than; zero when there is none.</summary>
    public TimeSpan Quantile(double fraction)
    {
        var rank = (long)Math.Ceiling(fraction * Count);
        if (rank <= 0) return TimeSpan.Zero;
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            if ((seen += Volatile.Read(ref _counts[i])) >= rank) return TimeSpan.FromMicroseconds(UpperBound(i));
        }

        return Max;
    }

    /// <summary>Below 2^3 µs a bucket is a microsecond, from there on an eighth of an octave.</summary>
    private static int BucketOf(TimeSpan delay)
    {
        var micros = (uint)Math.Clamp(delay.Ticks / TimeSpan.TicksPerMicrosecond, 0, (1L << Octaves) - 1);
        if (micros < Steps) return (int)micros;
        var octave = BitOperations.Log2(micros) - StepBits;
        return (octave << StepBits) + (int)(micros >> octave);
    }

    private static long UpperBound(int bucket)
    {
        if (bucket < Steps) return bucket + 1;
        var octave = (bucket >> StepBits) - 1;
        return ((bucket & (Steps - 1)) + Steps + 1L) << octave;
    }
}
