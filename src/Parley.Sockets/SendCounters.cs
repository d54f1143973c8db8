namespace Parley.Sockets;

/// <summary>What one port has sent. Written by all who send, read by anyone.</summary>
internal sealed class SendCounters
{
    private static readonly int Reasons = Enum.GetValues<SendFailure>().Length;

    private readonly long[] _failed = new long[Reasons];
    private long _datagrams;
    private long _bytes;
    private long _calls;

    /// <summary>Datagrams sent.</summary>
    public long Datagrams => Volatile.Read(ref _datagrams);

    /// <summary>Their bytes, without UDP and IP headers.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Calls of the system that it took.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Datagrams that were not sent, for whatever reason.</summary>
    public long Failures
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < Reasons; i++) sum += Volatile.Read(ref _failed[i]);
            return sum;
        }
    }

    /// <summary>Datagrams that were not sent for this reason.</summary>
    public long Failed(SendFailure reason) => Volatile.Read(ref _failed[(int)reason]);

    /// <summary>So many were sent by so many calls.</summary>
    public void OnSent(int datagrams, long bytes, int calls = 1)
    {
        Interlocked.Add(ref _datagrams, datagrams);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _calls, calls);
    }

    /// <summary>So many were not sent.</summary>
    public void OnFailed(SendFailure reason, int datagrams = 1) => Interlocked.Add(ref _failed[(int)reason], datagrams);
}
