namespace Parley.Media.Rtp;

/// <summary>
/// Order on numbers that wrap (RFC 1982, RFC 3550 A.1). Of two different numbers exactly one is newer: at a distance of
/// exactly half the range, the larger.
/// </summary>
public static class SequenceNumbers
{
    /// <summary>Whether sequence number <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool IsNewer(ushort a, ushort b)
    {
        var distance = (ushort)(a - b);
        return distance == 0x8000 ? a > b : distance is not 0 and < 0x8000;
    }

    /// <summary>Whether timestamp <paramref name="a"/> comes after <paramref name="b"/>.</summary>
    public static bool IsNewerTimestamp(uint a, uint b)
    {
        var distance = a - b;
        return distance == 0x8000_0000 ? a > b : distance is not 0 and < 0x8000_0000;
    }

    /// <summary>How far <paramref name="a"/> is after <paramref name="b"/>: −32,768 to 32,767.</summary>
    public static int Distance(ushort a, ushort b) => (short)(a - b);
}

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
