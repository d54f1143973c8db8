namespace Parley.Media.Rtcp;

/// <summary>
/// A packet status chunk (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.3, §3.1.4): a run of one symbol, or a
/// vector of 14 one-bit or 7 two-bit symbols. A symbol is also the size of its delta in bytes.
/// </summary>
internal readonly struct TransportCcChunk(ushort bits)
{
    internal const int NotReceived = 0;
    internal const int SmallDelta = 1;
    internal const int LargeDelta = 2;
    internal const int MaxRunLength = 0x1FFF;
    internal const int OneBitSymbols = 14;
    internal const int TwoBitSymbols = 7;

    private readonly ushort _bits = bits;

    private bool IsVector => (_bits & 0x8000) != 0;

    private bool IsTwoBit => (_bits & 0x4000) != 0;

    /// <summary>How many symbols the chunk holds, 0–8,191; the last chunk may hold more than are meant.</summary>
    internal int Count => !IsVector ? _bits & MaxRunLength : IsTwoBit ? TwoBitSymbols : OneBitSymbols;

    /// <summary>The symbol at <paramref name="index"/>, 0 to <see cref="Count"/> − 1: 0, 1, 2 or the reserved 3.</summary>
    internal int this[int index] => !IsVector
        ? _bits >> 13 & 3
        : IsTwoBit ? _bits >> (12 - 2 * index) & 3 : _bits >> (13 - index) & 1;

    /// <summary>Bytes of delta the first <paramref name="count"/> symbols need; false if one is the reserved symbol.</summary>
    internal bool TryGetDeltaLength(int count, out int length)
    {
        length = 0;
        if (!IsVector)
        {
            length = this[0] * count;
            return this[0] <= LargeDelta;
        }

        for (var i = 0; i < count; i++)
        {
            if (this[i] > LargeDelta)
            {
                return false;
            }

            length += this[i];
        }

        return true;
    }

    internal static ushort Run(int symbol, int length) => (ushort)(symbol << 13 | length);

    internal static ushort OneBitVector(ReadOnlySpan<int> deltas)
    {
        var bits = 0x8000;
        for (var i = 0; i < deltas.Length; i++)
        {
            bits |= TransportCcEncoder.Symbol(deltas[i]) << (13 - i);
        }

        return (ushort)bits;
    }

    internal static ushort TwoBitVector(ReadOnlySpan<int> deltas)
    {
        var bits = 0xC000;
        for (var i = 0; i < deltas.Length; i++)
        {
            bits |= TransportCcEncoder.Symbol(deltas[i]) << (12 - 2 * i);
        }

        return (ushort)bits;
    }
}
