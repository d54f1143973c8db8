namespace Parley.Media.Session;

/// <summary>How often what happened, and what was dropped why. Written by the network thread only, read by anyone.</summary>
public abstract class OccurrenceCounters
{
    private readonly long[] _occurrences = new long[Enum.GetValues<Occurrence>().Length];
    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private long _received;
    private long _receivedBytes;

    /// <summary>What was received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Its bytes, without UDP and IP headers.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>How often this happened.</summary>
    public long Count(Occurrence occurrence) => Volatile.Read(ref _occurrences[(int)occurrence]);

    /// <summary>How many were dropped for this reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void OnReceived(int bytes)
    {
        Volatile.Write(ref _received, _received + 1);
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
    }

    internal void OnOccurred(Occurrence occurrence, long times)
    {
        ref var count = ref _occurrences[(int)occurrence];
        Volatile.Write(ref count, count + times);
    }

    internal void OnDropped(DropReason reason)
    {
        ref var count = ref _drops[(int)reason];
        Volatile.Write(ref count, count + 1);
    }
}
