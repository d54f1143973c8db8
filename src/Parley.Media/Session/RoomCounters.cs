namespace Parley.Media.Session;

/// <summary>
/// RTP of one room, as it is on the wire (SRTP, without UDP and IP headers). Each figure has one writer, the network or the mixer
/// thread; anyone may read.
/// </summary>
public sealed class RoomCounters
{
    private long _received;
    private long _receivedBytes;
    private long _forwarded;
    private long _forwardedBytes;
    private long _mixed;
    private long _mixedBytes;

    /// <summary>Packets of the participants that were authentic.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Packets sent to the participants: forwarded video, retransmissions included, and the mix.</summary>
    public long Sent => Volatile.Read(ref _forwarded) + Volatile.Read(ref _mixed);

    /// <summary>Their bytes.</summary>
    public long SentBytes => Volatile.Read(ref _forwardedBytes) + Volatile.Read(ref _mixedBytes);

    internal void OnReceived(int bytes)
    {
        Volatile.Write(ref _received, _received + 1);
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
    }

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
