namespace Parley.Media.Rtp;

/// <summary>
/// Reads bits, the highest of a byte first. What is behind the end reads as zeros and sets <see cref="IsPastEnd"/>, so that a header
/// is read to its end and judged once.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether more was read than there is.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>The next bits, 0 to 32.</summary>
    public uint Read(int count)
    {
        if (count > _bytes.Length * 8 - _position)
        {
            _position = _bytes.Length * 8;
            IsPastEnd = true;
            return 0;
        }

        var value = 0ul;
        var first = _position / 8;
        var end = (_position + count + 7) / 8;
        for (var i = first; i < end; i++) value = value << 8 | _bytes[i];
        _position += count;
        return (uint)(value >> (end * 8 - _position) & ((1ul << count) - 1));
    }

    /// <summary>The next bit.</summary>
    public bool ReadFlag() => Read(1) != 0;

    /// <summary>ns(n) of the AV1 bitstream specification, §4.10.7: a value below <paramref name="n"/> in as few bits as it takes.</summary>
    public uint ReadBelow(uint n)
    {
        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(n);
        var shorter = (uint)((1ul << width) - n);
        var value = Read(width - 1);
        return value < shorter ? value : (value << 1) - shorter + Read(1);
    }

    /// <summary>ue(v) of ITU-T H.264 §9.1, and uvlc() of AV1: an Exp-Golomb code of at most 32 bits of value.</summary>
    public uint ReadExpGolomb()
    {
        var zeros = 0;
        while (!IsPastEnd && zeros < 32 && Read(1) == 0) zeros++;
        return zeros < 32 ? (uint)((1ul << zeros) - 1) + Read(zeros) : uint.MaxValue;
    }

    /// <summary>se(v) of ITU-T H.264 §9.1.1.</summary>
    public int ReadSignedExpGolomb()
    {
        var code = (long)ReadExpGolomb();
        return (int)((code & 1) != 0 ? (code + 1) / 2 : -(code / 2));
    }
}
