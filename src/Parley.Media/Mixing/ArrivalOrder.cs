namespace Parley.Media.Mixing;

/// <summary>What a packet is to the stream it came in.</summary>
internal enum ArrivalKind
{
    /// <summary>One that has its place.</summary>
    Regular,

    /// <summary>The first of a stream that begins anew.</summary>
    Restart,

    /// <summary>Too far behind, or a stray that may become a restart with the next.</summary>
    Old,

    /// <summary>One that has come before.</summary>
    Duplicate,
}

/// <summary>
/// Follows a sender's sequence numbers and timestamps: what is new, what is late, what came twice, and when the sender
/// began anew (RFC 3550 appendix A.1, and timestamps that contradict the clock).
/// </summary>
internal sealed class ArrivalOrder(DelayEstimator delay)
{
    /// <summary>RFC 3550 appendix A.1: a step back beyond this, or ahead beyond the next, is a restart of the sender.</summary>
    private const int MaxMisorder = 100;
    private const int MaxDropout = 3_000;

    private bool _isSynchronised;
    private long _highestTimestamp;
    private ulong _seen; // Bit n: the packet n before the highest has come.
    private long _restartCandidate;

    /// <summary>The highest sequence number accepted.</summary>
    public long Highest { get; private set; }

    /// <summary>The timestamp after the last sample of the highest packet.</summary>
    public long End { get; private set; }

    /// <summary>Forgets the stream.</summary>
    public void Reset() => _isSynchronised = false;

    /// <summary>Says what a packet is. Only regular ones and restarts may be accepted then.</summary>
    public ArrivalKind Classify(long sequence, long timestamp, TimeSpan arrival)
    {
        if (!_isSynchronised) return ArrivalKind.Regular;
        if (sequence > Highest)
        {
            var isRestart = sequence - Highest > MaxDropout
                || timestamp <= _highestTimestamp
                || delay.IsJump(timestamp, arrival);
            return isRestart ? ArrivalKind.Restart : ArrivalKind.Regular;
        }

        var behind = Highest - sequence;
        if (behind > MaxMisorder || (behind > 0 && (timestamp > _highestTimestamp || delay.IsJump(timestamp, arrival))))
        {
            // One stray packet is not believed; a second in a row is.
            if (sequence == _restartCandidate) return ArrivalKind.Restart;
            _restartCandidate = sequence + 1;
            return ArrivalKind.Old;
        }

        if (behind >= JitterSlots.Capacity) return ArrivalKind.Old;
        return (_seen >> (int)behind & 1) != 0 ? ArrivalKind.Duplicate : ArrivalKind.Regular;
    }

    /// <summary>Takes a packet into account.</summary>
    /// <returns>How many places the window moved on, at most its size: what was in them is out.</returns>
    public int Accept(long sequence, long timestamp, int samples, TimeSpan arrival)
    {
        if (!_isSynchronised)
        {
            _isSynchronised = true;
            _seen = 0;
            _restartCandidate = long.MinValue;
            Highest = sequence - 1;
            delay.Rebase(timestamp, arrival);
        }

        delay.Observe(timestamp, arrival);
        var ahead = sequence - Highest;
        if (ahead <= 0)
        {
            _seen |= 1UL << (int)-ahead;
            return 0;
        }

        _seen = ahead < JitterSlots.Capacity ? (_seen << (int)ahead) | 1 : 1;
        _highestTimestamp = timestamp;
        Highest = sequence;
        End = timestamp + samples;
        return (int)Math.Min(ahead, JitterSlots.Capacity);
    }
}
