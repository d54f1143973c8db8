namespace Parley.Media.Rtp;

/// <summary>
/// Decides which packets of one incoming stream to ask for again (RFC 4585 §6.2.1). It remembers at most a fixed number of
/// missing packets; when more are missing, asking is pointless: it forgets them and says that a key frame is needed.
/// </summary>
/// <param name="capacity">The most missing packets to remember, 1–32,767.</param>
public sealed class NackGenerator(int capacity = NackGenerator.DefaultCapacity)
{
    /// <summary>The default of how many missing packets are remembered.</summary>
    public const int DefaultCapacity = 500;

    /// <summary>How often one packet is asked for.</summary>
    public const int MaxTries = 10;

    /// <summary>How long a packet may be late before it counts as lost: most reordering is shorter.</summary>
    public static readonly TimeSpan ReorderingTolerance = TimeSpan.FromMilliseconds(5);

    /// <summary>The shortest time between two requests for the same packet, however short the round trip.</summary>
    public static readonly TimeSpan MinimumRetryInterval = TimeSpan.FromMilliseconds(20);

    // In sequence order: new gaps are always behind the others.
    private readonly Missing[] _missing =
        new Missing[capacity is > 0 and <= short.MaxValue ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity))];

    private int _count;
    private long _highest;
    private bool _started;
    private bool _keyFrameNeeded;

    /// <summary>How many packets are missing and still wanted.</summary>
    public int MissingCount => _count;

    /// <summary>Packets given up: asked for <see cref="MaxTries"/> times, or forgotten because too many were missing.</summary>
    public long GivenUp { get; private set; }

    /// <summary>When <see cref="CollectDue"/> has something to ask for; never (MaxValue) when nothing is missing.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>
    /// Takes the extended sequence number of an arrived packet, retransmitted ones too. True when it was missing, so a late
    /// or recovered packet.
    /// </summary>
    public bool OnPacket(long extendedSequenceNumber, TimeSpan now)
    {
        if (!_started)
        {
            _started = true;
            _highest = extendedSequenceNumber;
            return false;
        }

        if (extendedSequenceNumber <= _highest)
        {
            return Remove(extendedSequenceNumber);
        }

        var gap = extendedSequenceNumber - _highest - 1;
        if (gap > _missing.Length - _count)
        {
            GivenUp += _count + gap;
            Clear();
            _keyFrameNeeded = true;
        }
        else if (gap > 0)
        {
            var due = now + ReorderingTolerance;
            for (var sequence = _highest + 1; sequence < extendedSequenceNumber; sequence++)
            {
                _missing[_count++] = new Missing(sequence, due, 0);
            }

            NextDeadline = due < NextDeadline ? due : NextDeadline;
        }

        _highest = extendedSequenceNumber;
        return false;
    }

    /// <summary>
    /// Writes the sequence numbers to ask for now, ascending, and counts a try for each. What does not fit stays due. Call
    /// when <see cref="NextDeadline"/> has come.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="roundTripTime">How long an answer takes; a packet is asked for again only after that.</param>
    /// <param name="destination">Where they go.</param>
    /// <returns>How many were written.</returns>
    public int CollectDue(TimeSpan now, TimeSpan roundTripTime, Span<ushort> destination)
    {
        if (now < NextDeadline)
        {
            return 0;
        }

        var interval = roundTripTime > MinimumRetryInterval ? roundTripTime : MinimumRetryInterval;
        var written = 0;
        var kept = 0;
        var next = TimeSpan.MaxValue;
        for (var i = 0; i < _count; i++)
        {
            var missing = _missing[i];
            if (missing.Due <= now)
            {
                if (missing.Tries == MaxTries)
                {
                    GivenUp++;
                    continue;
                }

                if (written < destination.Length)
                {
                    destination[written++] = (ushort)missing.Sequence;
                    missing = new Missing(missing.Sequence, now + interval, missing.Tries + 1);
                }
            }

            next = missing.Due < next ? missing.Due : next;
            _missing[kept++] = missing;
        }

        _count = kept;
        NextDeadline = next;
        return written;
    }

    /// <summary>Forgets what is missing before this packet: a key frame starts there, so nothing needs it any more.</summary>
    public void ForgetBefore(long extendedSequenceNumber)
    {
        var index = IndexOf(extendedSequenceNumber);
        RemoveRange(0, index < 0 ? ~index : index);
    }

    /// <summary>Whether so much was lost that only a key frame helps; asking answers true once for each such loss.</summary>
    public bool TakeKeyFrameNeeded()
    {
        var needed = _keyFrameNeeded;
        _keyFrameNeeded = false;
        return needed;
    }

    private bool Remove(long sequence)
    {
        var index = IndexOf(sequence);
        if (index < 0)
        {
            return false;
        }

        RemoveRange(index, 1);
        return true;
    }

    private void RemoveRange(int start, int length)
    {
        Array.Copy(_missing, start + length, _missing, start, _count - start - length);
        _count -= length;
        if (_count == 0)
        {
            Clear();
        }
    }

    private void Clear()
    {
        _count = 0;
        NextDeadline = TimeSpan.MaxValue;
    }

    private int IndexOf(long sequence)
    {
        var low = 0;
        var high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _missing[middle].Sequence;
            if (found == sequence)
            {
                return middle;
            }

            if (found < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private readonly record struct Missing(long Sequence, TimeSpan Due, int Tries);
}
