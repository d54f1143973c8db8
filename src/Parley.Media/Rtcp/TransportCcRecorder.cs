using Parley.Media.Rtp;

namespace Parley.Media.Rtcp;

/// <summary>
/// The receiver's half of transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3): keeps
/// when packets arrived and reports at an interval. It remembers a fixed window of sequence numbers; a
/// packet that comes late is reported again with those after it, when it is at most <see cref="MaxReordering"/> behind.
/// </summary>
/// <param name="interval">How often feedback is due while packets arrive.</param>
public sealed class TransportCcRecorder(TimeSpan interval)
{
    /// <summary>The shortest destination <see cref="TryBuildFeedback"/> takes.</summary>
    public const int MinimumLength = 4 + TransportCcEncoder.MinimumBodyLength;

    /// <summary>How far behind the last feedback a packet may be and still be reported.</summary>
    public const int MaxReordering = 256;

    /// <summary>How often feedback is due while packets arrive, if nothing else was said.</summary>
    public static readonly TimeSpan FeedbackInterval = TimeSpan.FromMilliseconds(100);

    internal const int Capacity = 2048;

    private const long NotReceived = long.MinValue;

    /// <summary>After so many packets in a row from behind the window the sender has begun anew.</summary>
    private const int RestartAfter = 16;

    // Arrival in 250 µs units of the sequence numbers in [_end − Capacity, _end), by the number modulo the capacity.
    // Made with the first packet: who only watches sends none.
    private long[] _arrivals = [];
    private SequenceUnwrapper _unwrapper = new();
    private long _next;
    private long _end;
    private int _behind;
    private byte _feedbackCount;
    private TimeSpan? _lastFeedback;

    /// <summary>Reports every <see cref="FeedbackInterval"/>.</summary>
    public TransportCcRecorder()
        : this(FeedbackInterval)
    {
    }

    /// <summary>When feedback is due; never (MaxValue) while there is nothing to report.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Takes the transport-wide sequence number of a packet and when it arrived. Duplicates change nothing.</summary>
    public void OnPacket(ushort transportSequenceNumber, TimeSpan arrival)
    {
        var isFirst = !_unwrapper.HasStarted;
        var sequence = _unwrapper.Unwrap(transportSequenceNumber);
        if (isFirst)
        {
            Start(sequence);
        }
        else if (sequence < Math.Max(_next - MaxReordering, _end - Capacity))
        {
            if (++_behind < RestartAfter)
            {
                return;
            }

            _unwrapper = new SequenceUnwrapper();
            sequence = _unwrapper.Unwrap(transportSequenceNumber);
            Start(sequence);
        }

        _behind = 0;
        if (sequence >= _end)
        {
            AdvanceTo(sequence);
        }

        ref var slot = ref _arrivals[sequence % Capacity];
        if (slot != NotReceived)
        {
            return;
        }

        slot = TransportCcTime.ToUnits(arrival);
        _next = Math.Min(_next, sequence);
        if (NextDeadline == TimeSpan.MaxValue)
        {
            var due = _lastFeedback + interval;
            NextDeadline = due > arrival ? due.Value : arrival + interval;
        }
    }

    /// <summary>
    /// Writes one feedback packet when it is due. Call until it returns false: what does not fit into one (length, or a
    /// pause of 8 s between two packets) goes into the next at once.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="senderSsrc">Ours.</param>
    /// <param name="mediaSsrc">Any stream of the connection.</param>
    /// <param name="destination">At least <see cref="MinimumLength"/> bytes.</param>
    /// <param name="length">Bytes written, a multiple of four.</param>
    public bool TryBuildFeedback(TimeSpan now, uint senderSsrc, uint mediaSsrc, Span<byte> destination, out int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MinimumLength, nameof(destination));
        length = 0;
        if (_next == _end || now < NextDeadline)
        {
            return false;
        }

        Span<int> room = stackalloc int[(int)(_end - _next)];
        var deltas = Deltas(room, out var referenceTime);
        var writer = new RtcpWriter(destination);
        if (!writer.WriteTransportCc(
            senderSsrc, mediaSsrc, (ushort)_next, referenceTime, _feedbackCount, deltas, out var encoded))
        {
            throw new InvalidOperationException("A feedback packet of the minimum length always has room for a status.");
        }

        length = writer.Length;
        _feedbackCount++;
        _next += encoded;
        if (_next == _end)
        {
            NextDeadline = TimeSpan.MaxValue;
            _lastFeedback = now;
        }

        return true;
    }

    /// <summary>The statuses from the first unreported one on, up to the end or to a pause that no delta can express.</summary>
    private ReadOnlySpan<int> Deltas(Span<int> deltas, out int referenceTime)
    {
        referenceTime = 0;
        long? previous = null;
        for (var i = 0; i < deltas.Length; i++)
        {
            var arrival = _arrivals[(_next + i) % Capacity];
            if (arrival == NotReceived)
            {
                deltas[i] = TransportCcEncoder.NotReceived;
                continue;
            }

            if (previous is null)
            {
                // Rounded down to 64 ms, so that the first delta is small and not negative. On the wire: modulo 2^24.
                referenceTime = unchecked((int)(arrival >> 8));
                previous = arrival & ~(TransportCcTime.UnitsPerReference - 1L);
            }

            var delta = arrival - previous.Value;
            if (delta is < short.MinValue or > short.MaxValue)
            {
                return deltas[..i];
            }

            deltas[i] = (int)delta;
            previous = arrival;
        }

        return deltas;
    }

    private void Start(long sequence)
    {
        if (_arrivals.Length == 0) _arrivals = new long[Capacity];
        Array.Fill(_arrivals, NotReceived);
        _next = sequence;
        _end = sequence;
        NextDeadline = TimeSpan.MaxValue;
    }

    private void AdvanceTo(long sequence)
    {
        if (sequence - _end >= Capacity)
        {
            // So long a gap says nothing of congestion: what was not reported yet is dropped.
            Start(sequence);
        }

        for (var skipped = _end; skipped <= sequence; skipped++)
        {
            _arrivals[skipped % Capacity] = NotReceived;
        }

        _end = sequence + 1;
        _next = Math.Max(_next, _end - Capacity);
    }
}
