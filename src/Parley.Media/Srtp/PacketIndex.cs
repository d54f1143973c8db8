namespace Parley.Media.Srtp;

/// <summary>The 48-bit packet index of SRTP: rollover counter and sequence number (RFC 3711 §3.3.1).</summary>
public static class PacketIndex
{
    /// <summary>One more than the largest index a key may protect (RFC 3711 §9.2).</summary>
    public const long End = 1L << 48;

    private const int Half = 1 << 15;

    /// <summary>The index from its parts.</summary>
    public static long From(uint rolloverCounter, ushort sequence) => ((long)rolloverCounter << 16) | sequence;

    /// <summary>The rollover counter (ROC).</summary>
    public static uint RolloverCounter(long index) => (uint)(index >> 16);

    /// <summary>
    /// The index nearest to the highest one so far that has this sequence number. Negative when that would lie before
    /// the stream's start.
    /// </summary>
    /// <param name="highest">The highest index received authentic so far, or −1: then the ROC is 0.</param>
    /// <param name="sequence">The packet's sequence number.</param>
    public static long Estimate(long highest, ushort sequence)
    {
        if (highest < 0)
        {
            return sequence;
        }

        var roc = highest >> 16;
        var last = (int)(highest & 0xFFFF);
        if (last < Half)
        {
            roc -= sequence - last > Half ? 1 : 0;
        }
        else
        {
            roc += last - Half > sequence ? 1 : 0;
        }

        return (roc << 16) | sequence;
    }
}
