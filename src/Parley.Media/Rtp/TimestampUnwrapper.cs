namespace Parley.Media.Rtp;

/// <summary>
/// Extends 32-bit timestamps to 64 bits across wrap-arounds, as <see cref="SequenceUnwrapper"/> does. A mutable struct.
/// </summary>
public struct TimestampUnwrapper(long firstCycle)
{
    private readonly long _firstCycle = firstCycle;
    private bool _started;

    /// <summary>Starts in cycle 1.</summary>
    public TimestampUnwrapper()
        : this(1)
    {
    }

    /// <summary>The highest timestamp seen; meaningless before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>Whether a timestamp was seen.</summary>
    public readonly bool HasStarted => _started;

    /// <summary>Extends a timestamp and takes it as the highest if it is.</summary>
    public long Unwrap(uint timestamp)
    {
        var extended = Peek(timestamp);
        if (!_started || extended > Highest)
        {
            Highest = extended;
            _started = true;
        }

        return extended;
    }

    /// <summary>Extends a timestamp without learning from it.</summary>
    public readonly long Peek(uint timestamp) =>
        _started ? Highest + (int)(timestamp - (uint)Highest) : (_firstCycle << 32) + timestamp;
}
