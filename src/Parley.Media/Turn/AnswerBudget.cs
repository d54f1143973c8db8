namespace Parley.Media.Turn;

/// <summary>
/// How many answers go to addresses that have proved nothing, so that nobody is flooded with them by who pretends to be there.
/// A fixed table of buckets: sources that fall together by a random hash share one.
/// </summary>
internal sealed class AnswerBudget
{
    private const int Buckets = 4096;
    private const double BurstSeconds = 5;

    private readonly (double Spent, TimeSpan At)[] _buckets = new (double, TimeSpan)[Buckets];
    private readonly double _perSecond;
    private readonly ulong _seed;

    public AnswerBudget(int perSecond, RandomSource random)
    {
        _perSecond = perSecond;
        _seed = ((ulong)random.NextUInt32() << 32) | random.NextUInt32() | 1;
    }

    /// <summary>Takes one answer to this address; false when it has had enough for now.</summary>
    public bool TryTake(TransportAddress to, TimeSpan now)
    {
        ref var bucket = ref _buckets[Hash(SourceNetwork.Of(to))];
        var spent = Math.Max(0, bucket.Spent - ((now - bucket.At).TotalSeconds * _perSecond));
        if (spent + 1 > _perSecond * BurstSeconds)
        {
            bucket = (spent, now);
            return false;
        }

        bucket = (spent + 1, now);
        return true;
    }

    /// <summary>The seed is not known outside, so nobody can choose addresses that fall on another's bucket.</summary>
    private int Hash(UInt128 source)
    {
        var mixed = Mix((ulong)(source >> 64) ^ _seed);
        mixed = Mix(mixed ^ (ulong)source);
        return (int)(mixed & (Buckets - 1));
    }

    /// <summary>The finalizer of SplitMix64.</summary>
    private ulong Mix(ulong value)
    {
        value += _seed;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
