namespace Parley.Media.Rtp;

/// <summary>
/// Order on numbers that wrap (RFC 1982, RFC 3550 A.1). Of two different numbers exactly one is newer: at a distance of
/// exactly half the range, the larger.
/// </summary>
public static class SequenceNumbers
{
    /// <summary>Whether sequence number <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool IsNewer(ushort a, ushort b)
    {
        var distance = (ushort)(a - b);
        return distance == 0x8000 ? a > b : distance is not 0 and < 0x8000;
    }

    /// <summary>Whether timestamp <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool IsNewerTimestamp(uint a, uint b)
    {
        var distance = a - b;
        return distance == 0x8000_0000 ? a > b : distance is not 0 and < 0x8000_0000;
    }

    /// <summary>How far <paramref name="a"/> is after <paramref name="b"/>: −32,768 to 32,767.</summary>
    public static int Distance(ushort a, ushort b) => (short)(a - b);
}
