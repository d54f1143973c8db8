namespace Parley.Media.Rtp;

/// <summary>
/// Extends 16-bit sequence numbers to 64 bits across wrap-arounds. Each is placed nearest to the highest seen so far, so
/// late packets come out in their old place and never move the reference. A mutable struct: keep it in a field.
/// </summary>
/// <param name="firstCycle">
/// The upper bits of the first number. With the default of 1 nothing is ever below 32,768: what is older than the first
/// packet stays positive.
/// </param>
public struct SequenceUnwrapper(long firstCycle)
{
    private readonly long _firstCycle = firstCycle;
    private bool _started;

    /// <summary>Starts in cycle 1.</summary>
    public SequenceUnwrapper()
        : this(1)
    {
    }

    /// <summary>The highest number seen; meaningless before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>Whether a number was seen.</summary>
    public readonly bool HasStarted => _started;

    /// <summary>Extends a number and takes it as the highest if it is.</summary>
    public long Unwrap(ushort sequenceNumber)
    {
        var extended = Peek(sequenceNumber);
        if (!_started || extended > Highest)
        {
            Highest = extended;
            _started = true;
        }

        return extended;
    }

    /// <summary>Extends a number without learning from it.</summary>
    public readonly long Peek(ushort sequenceNumber) =>
        _started ? Highest + (short)(sequenceNumber - (ushort)Highest) : (_firstCycle << 16) + sequenceNumber;
}
