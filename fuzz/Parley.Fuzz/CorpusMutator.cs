using System.Buffers.Binary;

namespace Parley.Fuzz;

/// <summary>
/// Makes damaged inputs out of a corpus. The input of an iteration depends on the seed and the iteration only, so one
/// failure is made again without the inputs before it.
/// </summary>
public sealed class CorpusMutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int MaximumLength = 64 * 1024;
    private const int MaximumEdits = 8;

    private static readonly ulong[] Boundaries =
        [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, ulong.MaxValue];

    /// <summary>The input of this iteration.</summary>
    public byte[] Make(int iteration)
    {
        var random = new Random(unchecked((seed * 0x0100_0193) ^ iteration));
        var input = new List<byte>(Pick(random));
        for (var edits = random.Next(1, MaximumEdits + 1); edits > 0; edits--) Edit(input, random);
        if (input.Count > MaximumLength) input.RemoveRange(MaximumLength, input.Count - MaximumLength);
        return [.. input];
    }

    private byte[] Pick(Random random) => corpus.Count == 0 ? [] : corpus[random.Next(corpus.Count)];

    private void Edit(List<byte> input, Random random)
    {
        var at = random.Next(input.Count + 1);
        switch (random.Next(8))
        {
            case 0 when input.Count > 0:
                input[at % input.Count] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when input.Count > 0:
                input[at % input.Count] = (byte)random.Next(256);
                break;
            case 2:
                Overwrite(input, at, random);
                break;
            case 3:
                input.RemoveRange(at, Length(input.Count - at, random));
                break;
            case 4:
                input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, Length(input.Count - at, random)));
                break;
            case 5:
                var noise = new byte[Length(64, random)];
                random.NextBytes(noise);
                input.InsertRange(at, noise);
                break;
            case 6:
                // The beginning of one input and the end of another.
                var other = Pick(random);
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            default:
                input.RemoveRange(at, input.Count - at);
                break;
        }
    }

    /// <summary>Puts a number at the edge of its range where a length, a count or an id may be.</summary>
    private static void Overwrite(List<byte> input, int at, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, Boundaries[random.Next(Boundaries.Length)]);
        var width = 1 << random.Next(4);
        for (var i = 0; i < width && at + i < input.Count; i++) input[at + i] = number[8 - width + i];
    }

    /// <summary>Mostly short, sometimes anything up to <paramref name="maximum"/>.</summary>
    private static int Length(int maximum, Random random) =>
        random.Next(Math.Min(maximum, random.Next(4) == 0 ? maximum : 16) + 1);
}
