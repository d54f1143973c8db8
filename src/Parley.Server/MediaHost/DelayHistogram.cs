using System.Numerics;

namespace Parley.Server.MediaHost;

/// <summary>
/// How long things took: counts in buckets that are an eighth of a power of two of microseconds wide, so that what is read is at most an eighth too
/// much. One thread records, any reads; nobody waits, and nothing is allocated. Who reads longer than a window gets figures of two.
/// </summary>
internal sealed class DelayHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;

    /// <summary>2^24 µs, 17 s: what takes longer is in the last bucket.</summary>
    private const int Octaves = 24;

    /// <summary>What is read is of the last whole window: who asks wants to know how it is, not how it was all day.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private Counts _current = new();
    private Counts _last = new();
    private TimeSpan _turned;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _last).Count;

    /// <summary>The longest.</summary>
    public TimeSpan Max => Volatile.Read(ref _last).Max;

    /// <summary>Counts one.</summary>
    public void Record(TimeSpan delay)
    {
        _current.Buckets[BucketOf(delay)]++;
        _current.Count++;
        if (delay > _current.Max) _current.Max = delay;
    }

    /// <summary>Begins the next window when it is time to.</summary>
    public void Turn(TimeSpan now)
    {
        if (now - _turned < Window) return;

        // What is older than the window before this one is no news any more.
        if (now - _turned >= 2 * Window) _current.Clear();
        _turned = now;
        var next = _last;
        Volatile.Write(ref _last, _current);
        next.Clear();
        _current = next;
    }

    /// <summary>What this fraction of all took no longer than; zero when there is none.</summary>
    public TimeSpan Quantile(double fraction)
    {
        var last = Volatile.Read(ref _last);
        var rank = (long)Math.Ceiling(fraction * last.Count);
        if (rank <= 0) return TimeSpan.Zero;
        var seen = 0L;
        for (var i = 0; i < last.Buckets.Length; i++)
        {
            if ((seen += last.Buckets[i]) >= rank) return TimeSpan.FromMicroseconds(UpperBound(i));
        }

        return last.Max;
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

    private sealed class Counts
    {
        public long[] Buckets { get; } = new long[(Octaves - StepBits + 1) * Steps];

        public long Count { get; set; }

        public TimeSpan Max { get; set; }

        public void Clear()
        {
            Buckets.AsSpan().Clear();
            (Count, Max) = (0, TimeSpan.Zero);
        }
    }
}
