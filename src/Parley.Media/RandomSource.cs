using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Parley.Media;

/// <summary>Where SSRCs, credentials and first sequence numbers come from: the system's generator, or a seed in scenarios.</summary>
public abstract class RandomSource
{
    /// <summary>The operating system's cryptographic generator.</summary>
    public static RandomSource System { get; } = new SystemRandom();

    /// <summary>A repeatable generator for scenarios and tests; never for secrets.</summary>
    public static RandomSource Seeded(int seed) => new SeededRandom(seed);

    /// <summary>Fills the span with random bytes.</summary>
    public abstract void Fill(Span<byte> bytes);

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private sealed class SystemRandom : RandomSource
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }

    private sealed class SeededRandom(int seed) : RandomSource
    {
        private readonly Random _random = new(seed);

        public override void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }
}
