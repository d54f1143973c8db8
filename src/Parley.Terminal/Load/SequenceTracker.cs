namespace Parley.Terminal.Load;

/// <summary>
/// What came of one stream and what is missing, by the packets' unwrapped sequence numbers. Each number comes once: what came
/// before SRTP drops, and the connection counts. A number that is missing now may still come, and then is late, not lost.
/// </summary>
internal struct SequenceTracker
{
    private long _first;
    private long _highest;

    /// <summary>Packets that came.</summary>
    public long Received { get; private set; }

    /// <summary>Those of them that came after one that was sent later.</summary>
    public long Reordered { get; private set; }

    /// <summary>Packets that were sent between the first and the last that came, those included.</summary>
    public readonly long Expected => Received == 0 ? 0 : _highest - _first + 1;

    /// <summary>Counts one.</summary>
    public void OnPacket(long index)
    {
        if (Received++ == 0)
        {
            _first = _highest = index;
        }
        else if (index > _highest)
        {
            _highest = index;
        }
        else
        {
            Reordered++;
            _first = Math.Min(_first, index);
        }
    }
}
