namespace Parley.Media.Mixing;

/// <summary>
/// Puts one sender's packets back into order and time. It holds them for as long as the path's jitter asks, at most
/// 250 ms, and tells loss (a sequence number is missing) from DTX (only the timestamp jumps, RFC 7587 §4.1). Owned by the
/// mixer thread; fixed memory, nothing is allocated after construction.
/// </summary>
/// <remarks>
/// Its one measure is the delay: how long after the fastest path's time the next packet is wanted. It starts to play when
/// that reaches the target; later it says when what it gave should be played faster or slower (<see cref="Adjust"/>), which
/// follows the path and a drifting clock. When it runs dry it conceals, and starts again as at first.
/// </remarks>
public sealed class JitterBuffer
{
    /// <summary>How much is concealed when nothing comes, and how long comfort noise goes on, before silence.</summary>
    private const int MaxStarvedLoss = 6 * AudioFormat.FrameSamples;
    private const int MaxStarvedGap = 50 * AudioFormat.FrameSamples;

    private readonly JitterSlots _slots = new();
    private readonly DelayEstimator _delay;
    private readonly ArrivalOrder _order;
    private readonly DelayAdjuster _adjuster = new();
    private readonly FecReserve _reserve = new();
    private readonly TimeSpan _maxTarget;
    private readonly long _maxHeldSamples;

    private JitterStatistics _statistics;
    private bool _isPlaying;
    private bool _hasPlayed;
    private bool _isSplicePending;
    private bool _wasDtx;
    private long _nextSequence;
    private long _playTimestamp;
    private int _starved;
    private int _starvedLoss;

    /// <summary>Makes an empty buffer.</summary>
    public JitterBuffer(JitterBufferOptions options)
    {
        // The highest target leaves room for the band around it, or holding it would mean dropping at the bound.
        _maxTarget = options.MaxDelay - (2 * AudioFormat.Tick);
        _delay = new DelayEstimator(options.MinDelay, _maxTarget);
        _order = new ArrivalOrder(_delay);
        _maxHeldSamples = (long)(options.MaxDelay.TotalSeconds * AudioFormat.SampleRate);
    }

    /// <summary>What has been counted.</summary>
    public JitterStatistics Statistics => _statistics;

    /// <summary>The delay that the path's jitter asks for, and its losses: the FEC for one comes with the packet after it.</summary>
    public TimeSpan TargetDelay => Min(_delay.Target + _reserve.Time, _maxTarget);

    /// <summary>The timestamp that is played next; null while nothing is.</summary>
    public long? PlayTimestamp => _isPlaying ? _playTimestamp : null;

    /// <summary>Whether no packet is held.</summary>
    public bool IsEmpty => _slots.Count == 0;

    /// <summary>How much audio is held, holes included; never beyond the bound after <see cref="Next"/>.</summary>
    public TimeSpan Held => _slots.Count == 0 ? TimeSpan.Zero : new TimeSpan(AudioFormat.Ticks(HeldSamples(FirstTimestamp())));

    /// <summary>Forgets the sender's stream, but not what was learnt of the path.</summary>
    public void Reset()
    {
        _slots.Clear();
        _order.Reset();
        _isPlaying = false;
        _hasPlayed = false;
        _wasDtx = false;
        _isSplicePending = false;
        _starved = 0;
        _starvedLoss = 0;
    }

    /// <summary>Takes a packet in.</summary>
    /// <param name="sequence">The extended sequence number.</param>
    /// <param name="timestamp">The extended timestamp, samples at 48 kHz.</param>
    /// <param name="arrival">When it came, on the clock of <see cref="Next"/>.</param>
    /// <param name="payload">The Opus packet, copied.</param>
    /// <returns>False when it is malformed, a duplicate or too late: counted.</returns>
    public bool Insert(long sequence, long timestamp, TimeSpan arrival, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > AudioFormat.MaxPacketBytes || !OpusPacket.TryParse(payload, out var packet))
        {
            _statistics.Malformed++;
            return false;
        }

        switch (_order.Classify(sequence, timestamp, arrival))
        {
            case ArrivalKind.Restart:
                _statistics.Resyncs++;
                Reset();
                break;

            case ArrivalKind.Old:
                _statistics.Late++;
                return false;

            case ArrivalKind.Duplicate:
                _statistics.Duplicates++;
                return false;
        }

        for (var freed = _order.Accept(sequence, timestamp, packet.Samples, arrival); freed > 0; freed--)
        {
            if (_slots.Free(sequence - freed + 1)) _statistics.Dropped++;
        }

        if (_hasPlayed && (sequence < _nextSequence || (_isPlaying && timestamp + packet.Samples <= _playTimestamp)))
        {
            _statistics.Late++;
            _reserve.OnLate();
            return false;
        }

        _reserve.OnPacket(packet);
        _slots.Store(sequence, timestamp, packet, payload);
        return true;
    }

    /// <summary>
    /// What to play next. Call it until a tick is filled: once for 20 ms packets, twice for 10 ms, every third tick for 60 ms.
    /// </summary>
    /// <param name="now">The tick.</param>
    public JitterFrame Next(TimeSpan now)
    {
        if (!_slots.TryFindFirst(FirstPossible, _order.Highest, out var first)) return Starve();
        if (!_isPlaying)
        {
            var early = EarlyStart(first, now);
            if (early < 0) return Starve();
            Resume(first, early);
        }

        if (!DropLateAndExcess(ref first)) return Starve();

        var hole = _slots[first].Timestamp - _playTimestamp;
        return hole > 0 ? FillHole(first, hole) : Play(first, (int)-hole);
    }

    /// <summary>Whether what was given and not yet played should be made shorter or longer.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="queued">How many samples that is: those of the tick, and what is left over.</param>
    internal DelayAdjustment Adjust(TimeSpan now, int queued)
    {
        if (!_isPlaying) return default;

        // The next packet is wanted at the tick that those samples do not fill, though it is played after all of them.
        var wantedAt = now + (AudioFormat.Tick * (queued / AudioFormat.FrameSamples));
        return _adjuster.Decide(now, _delay.DelayAt(_playTimestamp, wantedAt) - TargetDelay, queued % AudioFormat.FrameSamples);
    }

    /// <summary>Says that it was.</summary>
    /// <param name="now">The tick.</param>
    /// <param name="samples">How many were put in; below 0: taken out.</param>
    internal void OnAdjusted(TimeSpan now, int samples)
    {
        _adjuster.OnChanged(now);
        if (samples > 0) _statistics.AddedSamples += samples;
        else _statistics.RemovedSamples -= samples;
    }

    private long FirstPossible => Math.Max(_hasPlayed ? _nextSequence : long.MinValue, _order.Highest - JitterSlots.Capacity + 1);

    /// <summary>A stream that only ran dry may go on a little below the target, or each loss would cost a frame more.</summary>
    private TimeSpan ResumeDelay => _hasPlayed && !_wasDtx ? TargetDelay - DelayAdjuster.LowerSlack : TargetDelay;

    /// <summary>How many samples before a packet to start: none, or its FEC's reach; −1 when it is too soon.</summary>
    private int EarlyStart(long first, TimeSpan now)
    {
        ref readonly var slot = ref _slots[first];
        if (_delay.DelayAt(slot.Timestamp, now) >= ResumeDelay || HeldSamples(slot.Timestamp) > _maxHeldSamples) return 0;
        var reach = slot.Packet.FrameSamples;
        var isAfterLoss = _hasPlayed && !_wasDtx && first > _nextSequence && slot.Packet.HasFec;
        return isAfterLoss && _delay.DelayAt(slot.Timestamp - reach, now) >= ResumeDelay ? reach : -1;
    }

    private long HeldSamples(long from) => _order.End - from;

    private long FirstTimestamp() => _isPlaying || !_slots.TryFindFirst(FirstPossible, _order.Highest, out var first)
        ? _playTimestamp
        : _slots[first].Timestamp;

    private JitterFrame Starve()
    {
        _isPlaying = false;
        var limit = _wasDtx ? MaxStarvedGap : MaxStarvedLoss;
        if (!_hasPlayed || _starved >= limit) return new JitterFrame { Samples = AudioFormat.FrameSamples };
        _starved += AudioFormat.FrameSamples;
        if (!_wasDtx) _starvedLoss += AudioFormat.FrameSamples;
        return Conceal(_wasDtx ? JitterFrameKind.Gap : JitterFrameKind.Lost, AudioFormat.FrameSamples);
    }

    private void Resume(long first, int early)
    {
        ref readonly var slot = ref _slots[first];
        if (_hasPlayed)
        {
            // No number is missing and the timestamp ran on: it was DTX after all, told by none of its packets.
            if (first == _nextSequence && slot.Timestamp - _playTimestamp >= _starvedLoss)
            {
                _statistics.ConcealedSamples -= _starvedLoss;
                _statistics.GapSamples += _starvedLoss;
            }

            CountLost(first - _nextSequence - (early > 0 ? 1 : 0));
        }

        _nextSequence = early > 0 ? first - 1 : first;
        _playTimestamp = slot.Timestamp - early;
        _isPlaying = true;
        _hasPlayed = true;
        _starved = 0;
        _starvedLoss = 0;
        _adjuster.Reset();
    }

    /// <summary>Leaves out what is past, and what is beyond the bound. False when nothing is left.</summary>
    private bool DropLateAndExcess(ref long first)
    {
        while (true)
        {
            ref readonly var slot = ref _slots[first];
            if (slot.Timestamp + slot.Packet.Samples <= _playTimestamp)
            {
                Free(first);
                _statistics.Late++;
            }
            else if (HeldSamples(_playTimestamp) <= _maxHeldSamples)
            {
                return true;
            }
            else if (slot.Timestamp > _playTimestamp)
            {
                SkipTo(slot.Timestamp);
                continue;
            }
            else
            {
                Drop(first);
            }

            if (!_slots.TryFindFirst(FirstPossible, _order.Highest, out first)) return false;
        }
    }

    private void Drop(long sequence)
    {
        ref readonly var slot = ref _slots[sequence];
        _playTimestamp = slot.Timestamp + slot.Packet.Samples;
        _isSplicePending = true;
        _statistics.Dropped++;
        Free(sequence);
    }

    private void SkipTo(long timestamp)
    {
        _playTimestamp = timestamp;
        _isSplicePending = true;
    }

    private void Free(long sequence)
    {
        _slots.Free(sequence);
        CountLost(sequence - _nextSequence);
        _nextSequence = sequence + 1;
    }

    private void CountLost(long packets)
    {
        _statistics.Lost += packets;
        _reserve.OnLost(packets);
    }

    private JitterFrame FillHole(long first, long hole)
    {
        ref readonly var slot = ref _slots[first];
        var missing = first - _nextSequence;

        // What the missing packets do not account for was never sent.
        var silent = hole - (missing * slot.Packet.Samples);
        if (silent > 0) return Fill(JitterFrameKind.Gap, silent);

        var reach = slot.Packet.FrameSamples;
        if (!slot.Packet.HasFec || hole < reach || hole % AudioFormat.PlcStep != 0) return Fill(JitterFrameKind.Lost, hole);
        if (hole >= reach + AudioFormat.FrameSamples) return Fill(JitterFrameKind.Lost, hole - reach);
        _playTimestamp += hole;
        return new JitterFrame
        {
            Kind = JitterFrameKind.Fec,
            Samples = (int)hole,
            Payload = _slots.Payload(first),
            IsSplice = TakeSplice(),
        };
    }

    private JitterFrame Fill(JitterFrameKind kind, long samples)
    {
        var length = (int)Math.Min(samples, AudioFormat.FrameSamples);
        _playTimestamp += length;
        return Conceal(kind, length);
    }

    private JitterFrame Conceal(JitterFrameKind kind, int samples)
    {
        if (kind == JitterFrameKind.Gap)
        {
            _statistics.GapSamples += samples;
        }
        else
        {
            _statistics.ConcealedSamples += samples;
        }

        return new JitterFrame { Kind = kind, Samples = samples, IsSplice = TakeSplice() };
    }

    private JitterFrame Play(long sequence, int skip)
    {
        ref readonly var slot = ref _slots[sequence];
        var payload = _slots.Payload(sequence);
        _playTimestamp = slot.Timestamp + slot.Packet.Samples;
        _wasDtx = OpusPacket.IsDtx(payload);
        var frame = new JitterFrame
        {
            Kind = JitterFrameKind.Packet,
            Samples = slot.Packet.Samples,
            Skip = skip,
            Payload = payload,
            IsSplice = TakeSplice() || skip > 0,
        };
        Free(sequence);
        return frame;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private bool TakeSplice()
    {
        var pending = _isSplicePending;
        _isSplicePending = false;
        return pending;
    }
}
