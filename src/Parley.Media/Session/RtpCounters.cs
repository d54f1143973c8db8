namespace Parley.Media.Session;

/// <summary>
/// RTP of one room or one connection, as it is on the wire (SRTP, without UDP and IP headers); received is what was authentic. What is sent
/// has two writers, the network thread and the mixer's, each with figures of its own; anyone may read.
/// </summary>
public sealed class RtpCounters : OccurrenceCounters
{
    private long _forwarded;
    private long _forwardedBytes;
    private long _mixed;
    private long _mixedBytes;

    /// <summary>Packets sent: forwarded video, retransmissions and padding included, and the mix.</summary>
    public long Sent => Volatile.Read(ref _forwarded) + Volatile.Read(ref _mixed);

    /// <summary>Their bytes.</summary>
    public long SentBytes => Volatile.Read(ref _forwardedBytes) + Volatile.Read(ref _mixedBytes);

    internal void OnForwarded(int bytes)
    {
        Volatile.Write(ref _forwarded, _forwarded + 1);
        Volatile.Write(ref _forwardedBytes, _forwardedBytes + bytes);
    }

    internal void OnMixed(int bytes)
    {
        Volatile.Write(ref _mixed, _mixed + 1);
        Volatile.Write(ref _mixedBytes, _mixedBytes + bytes);
    }
}
