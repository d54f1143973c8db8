using Org.BouncyCastle.Crypto.Prng;

namespace Parley.Media.Dtls;

/// <summary>Lends a <see cref="RandomSource"/> to BouncyCastle. Seeds offered to it are not needed and not taken.</summary>
internal sealed class RandomSourceGenerator(RandomSource random) : IRandomGenerator
{
    public void AddSeedMaterial(byte[] seed)
    {
    }

    public void AddSeedMaterial(ReadOnlySpan<byte> seed)
    {
    }

    public void AddSeedMaterial(long seed)
    {
    }

    public void NextBytes(byte[] bytes) => random.Fill(bytes);

    public void NextBytes(byte[] bytes, int start, int len) => random.Fill(bytes.AsSpan(start, len));

    public void NextBytes(Span<byte> bytes) => random.Fill(bytes);
}
