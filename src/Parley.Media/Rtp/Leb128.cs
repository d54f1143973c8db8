namespace Parley.Media.Rtp;

/// <summary>Numbers in groups of seven bits, the lowest first (AV1 bitstream specification §4.10.5).</summary>
internal static class Leb128
{
    /// <summary>Takes a number off the start; false when it does not end, or is larger than 32 bits.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out uint value)
    {
        var sum = 0ul;
        for (var i = 0; i < 8 && i < rest.Length; i++)
        {
            sum |= (ulong)(rest[i] & 0x7F) << (i * 7);
            if ((rest[i] & 0x80) != 0) continue;
            rest = rest[(i + 1)..];
            value = (uint)sum;
            return sum <= uint.MaxValue;
        }

        value = 0;
        return false;
    }
}
