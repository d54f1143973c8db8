namespace Parley.Sockets;

/// <summary>
/// Datagrams of one sender that the system gave in one piece (UDP_GRO, udp(7)): all of one length but the last, which may be shorter.
/// </summary>
/// <param name="Length">Bytes in all.</param>
/// <param name="SegmentLength">Of each but the last; 0 when it is a datagram by itself.</param>
internal readonly record struct CoalescedDatagrams(int Length, int SegmentLength)
{
    /// <summary>What Linux puts together at most (UDP_MAX_SEGMENTS); what is beyond is left out.</summary>
    public const int MaxCount = 128;

    /// <summary>How many there are; one that is empty is one.</summary>
    public int Count => SegmentLength <= 0 || SegmentLength >= Length ? 1 : Math.Min(MaxCount, ((Length - 1) / SegmentLength) + 1);

    /// <summary>Where one of them is.</summary>
    public (int Offset, int Length) this[int index] =>
        Count == 1 ? (0, Length) : (index * SegmentLength, Math.Min(SegmentLength, Length - (index * SegmentLength)));
}
