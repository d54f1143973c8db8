using System.Buffers;
using Parley.Media.Rtp;

namespace Parley.Media.Video;

/// <summary>
/// Makes frames of a stream's VP8 packets (RFC 7741), whatever order they come in, and gives them in decoding order, which is that
/// of sequence numbers. A gap is waited for, so that a retransmission can fill it; when that takes too long, a keyframe is
/// asked for and all up to it is left out. So each frame given is whole and can be decoded after the one given before; the
/// first is a keyframe. Not thread-safe; memory is bounded and nothing is allocated in the steady state.
/// </summary>
/// <remarks>
/// After <see cref="Insert"/> or <see cref="HandleTimeout"/>: take frames until there is none, see
/// <see cref="TakeKeyframeNeeded"/>, call <see cref="HandleTimeout"/> at <see cref="NextDeadline"/>.
/// </remarks>
public sealed class VideoFrameBuffer : IDisposable
{
    /// <summary>What a wait lasts beyond two round trips: for the request to be noticed and made, at both ends.</summary>
    private static readonly TimeSpan WaitMargin = TimeSpan.FromMilliseconds(100);

    private readonly VideoFrameBufferOptions _options;
    private readonly ArrayPool<byte> _pool;
    private readonly VideoPacketRing _ring;
    private readonly int _reorderAtStart;
    private byte[] _frame = [];
    private VideoFrameBufferStatistics _statistics;
    private Phase _phase;
    private TimeSpan _now;
    private TimeSpan _maxWait;
    private TimeSpan _lastArrival;
    private TimeSpan _askAt;
    private TimeSpan _gapSince;
    private long _next;
    private long _highest;
    private long _candidate = VideoPacketRing.Slot.Unknown;
    private long _gap = VideoPacketRing.Slot.Unknown;
    private bool _isReady;
    private bool _keyframeNeeded;
    private bool _cameSinceAsked;
    private bool _tailAsked;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="options">Its bounds; the defaults when null.</param>
    /// <param name="pool">Where its memory comes from; the shared pool when null.</param>
    public VideoFrameBuffer(VideoFrameBufferOptions? options = null, ArrayPool<byte>? pool = null)
    {
        _options = options ?? new VideoFrameBufferOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.LongestWait, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.KeyframeInterval, TimeSpan.Zero, nameof(options));
        _pool = pool ?? ArrayPool<byte>.Shared;
        _ring = new VideoPacketRing(_options.MaxPackets, _pool);
        _reorderAtStart = _options.MaxPackets / 4;
        _maxWait = _options.LongestWait;
    }

    private enum Phase : byte
    {
        /// <summary>No packet has come.</summary>
        Empty,

        /// <summary>What comes before the next keyframe is of no use.</summary>
        NeedsKeyframe,

        /// <summary>The frame that starts at <c>_next</c> can be decoded.</summary>
        InOrder,
    }

    /// <summary>What has been counted.</summary>
    public VideoFrameBufferStatistics Statistics => _statistics;

    /// <summary>When to call <see cref="HandleTimeout"/>; <see cref="TimeSpan.MaxValue"/> when nothing is waited for.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Packets held.</summary>
    public int HeldPackets => _ring.Count;

    /// <summary>Whether nothing can be given before a keyframe comes.</summary>
    public bool IsWaitingForKeyframe => _phase != Phase.InOrder;

    /// <summary>The first sequence number that is still of use: ask for none before it again.</summary>
    public long FirstNeeded => _next;

    /// <summary>How long a gap is waited for: two round trips and 100 ms, bounded by <see cref="VideoFrameBufferOptions.LongestWait"/>.</summary>
    public TimeSpan MaxWait => _maxWait;

    /// <summary>Sets the wait by the path's round trip time; until then it is the longest.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
        var wait = roundTripTime < TimeSpan.Zero ? WaitMargin
            : roundTripTime < _options.LongestWait ? (2 * roundTripTime) + WaitMargin : _options.LongestWait;
        _maxWait = wait < _options.LongestWait ? wait : _options.LongestWait;
    }

    /// <summary>Whether a keyframe should be asked for now (RFC 4585 §6.3.1); asking answers true once.</summary>
    public bool TakeKeyframeNeeded()
    {
        var needed = _keyframeNeeded;
        _keyframeNeeded = false;
        return needed;
    }

    /// <summary>Takes a packet in.</summary>
    /// <param name="sequence">Its unwrapped sequence number; see <see cref="SequenceUnwrapper"/>.</param>
    /// <param name="timestamp">Its unwrapped timestamp, 90 kHz.</param>
    /// <param name="marker">Its marker bit: the last of its frame (RFC 7741 §4.1).</param>
    /// <param name="payload">Its payload without padding, copied; empty for padding only.</param>
    /// <param name="now">The present; does not go back.</param>
    public VideoInsertResult Insert(long sequence, long timestamp, bool marker, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        var descriptor = default(Vp8PayloadDescriptor);
        if (!payload.IsEmpty && (!Vp8PayloadDescriptor.TryParse(payload, out descriptor)
            || payload.Length - descriptor.Length is <= 0 or > VideoPacketRing.CellLength))
        {
            _statistics.Malformed++;
            return VideoInsertResult.Malformed;
        }

        if (_phase == Phase.Empty) Begin(sequence, now);
        if (sequence < _next)
        {
            _statistics.Late++;
            return VideoInsertResult.Late;
        }

        _now = now;
        if (sequence - _next >= _ring.Capacity) SkipTo(sequence - _ring.Capacity + 1);
        if (_ring.Holds(sequence))
        {
            _statistics.Duplicates++;
            return VideoInsertResult.Duplicate;
        }

        ref var slot = ref _ring.Store(sequence, payload[descriptor.Length..]);
        slot.Timestamp = timestamp;
        slot.ArrivedAt = now;
        slot.Marker = marker && !payload.IsEmpty;
        slot.StartsFrame = descriptor.StartsFrame;
        slot.IsKeyframe = descriptor.IsKeyFrame;
        _lastArrival = now;
        _cameSinceAsked = true;
        _highest = Math.Max(_highest, sequence);
        if (sequence == _gap) _statistics.Mended++;
        Link(sequence, ref slot);
        Advance();
        return VideoInsertResult.Accepted;
    }

    /// <summary>Gives the next frame.</summary>
    /// <param name="info">What is known of it.</param>
    /// <param name="frame">The encoded frame (RFC 6386), until the next call of any method.</param>
    /// <returns>False when none is whole and in order yet.</returns>
    public bool TryTake(out AssembledFrame info, out ReadOnlySpan<byte> frame)
    {
        info = default;
        frame = default;
        if (!_isReady) return false;
        ref readonly var start = ref _ring[_next];
        var last = start.Reach;
        info = new AssembledFrame(start.Timestamp, start.IsKeyframe, _next, last);
        var length = 0;
        for (var sequence = _next; sequence <= last; sequence++)
        {
            var data = _ring.Data(in _ring[sequence]);
            if (length + data.Length > _frame.Length) Grow(length, length + data.Length);
            data.CopyTo(_frame.AsSpan(length));
            length += data.Length;
            _ring.Release(sequence);
        }

        frame = _frame.AsSpan(0, length);
        _statistics.Frames++;
        if (info.IsKeyframe) _statistics.Keyframes++;
        _next = last + 1;
        _isReady = false;
        _tailAsked = false;
        Advance();
        return true;
    }

    /// <summary>Gives up what was waited for too long. Call it at <see cref="NextDeadline"/>; too early does nothing.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        // What is found behind a gap may have been waited for just as long.
        while (now >= NextDeadline)
        {
            _now = now;
            if (_phase == Phase.NeedsKeyframe && _candidate == VideoPacketRing.Slot.Unknown)
            {
                Ask();
            }
            else if (_gap != VideoPacketRing.Slot.Unknown)
            {
                SkipTo(_gap + 1);
            }
            else
            {
                // The end of a frame is late, but nothing after it has come: nothing is lost by waiting on.
                _tailAsked = true;
                Ask();
            }

            Advance();
        }
    }

    /// <summary>Forgets the stream, as for a new SSRC, and gives the memory back; what was counted stays.</summary>
    public void Reset()
    {
        _statistics.Dropped += _ring.Count;
        _ring.Dispose();
        if (_frame.Length > 0) _pool.Return(_frame);
        _frame = [];
        _phase = Phase.Empty;
        _candidate = _gap = VideoPacketRing.Slot.Unknown;
        _isReady = _keyframeNeeded = _tailAsked = false;
        NextDeadline = TimeSpan.MaxValue;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => Reset();

    private void Begin(long sequence, TimeSpan now)
    {
        // What was sent before the first to come may still come, and may be the keyframe.
        _next = sequence - _reorderAtStart;
        _highest = sequence;
        _phase = Phase.NeedsKeyframe;
        _askAt = now + _maxWait;
    }

    /// <summary>Tells a packet, and those behind it, where their frame starts; each is told once.</summary>
    private void Link(long sequence, ref VideoPacketRing.Slot slot)
    {
        var start = sequence;
        if (!slot.StartsFrame)
        {
            if (!_ring.Holds(sequence - 1)) return;
            ref readonly var previous = ref _ring[sequence - 1];
            start = previous.Start;
            if (start == VideoPacketRing.Slot.Unknown || previous.Marker || !_ring.Holds(start) || !Continues(in _ring[start], in slot)) return;
        }

        ref var first = ref _ring[start];
        slot.Start = start;
        var reach = sequence;
        while (!_ring[reach].Marker && _ring.Holds(reach + 1) && Continues(in first, in _ring[reach + 1]))
        {
            _ring[++reach].Start = start;
        }

        first.Reach = reach;
        first.IsComplete = _ring[reach].Marker;
        if (!first.IsKeyframe) return;
        if (_phase == Phase.InOrder)
        {
            // The answer to what was asked for when the end of a frame did not come.
            if (_tailAsked && first.IsComplete && start != _next) SkipTo(start);
            return;
        }

        // The earliest keyframe begun, unless one is whole: that is taken at once.
        if (first.IsComplete || _candidate == VideoPacketRing.Slot.Unknown || start < _candidate) _candidate = start;
    }

    private static bool Continues(in VideoPacketRing.Slot first, in VideoPacketRing.Slot slot) =>
        slot.IsPadding || (!slot.StartsFrame && slot.Timestamp == first.Timestamp);

    /// <summary>Finds out what comes next: a frame, a wait, or that there is nothing.</summary>
    private void Advance()
    {
        _isReady = false;
        while (true)
        {
            var start = _phase == Phase.InOrder ? _next : _candidate;
            if (start == VideoPacketRing.Slot.Unknown)
            {
                Idle(_cameSinceAsked ? _askAt : TimeSpan.MaxValue);
                return;
            }

            // Only in order can there be nothing where a frame should start.
            var missing = start;
            if (_ring.Holds(start))
            {
                ref readonly var slot = ref _ring[start];
                if (slot.Start != start)
                {
                    SkipHead(slot.IsPadding);
                    continue;
                }

                if (slot.IsComplete)
                {
                    Drop(start);
                    _phase = Phase.InOrder;
                    _candidate = VideoPacketRing.Slot.Unknown;
                    _isReady = true;
                    Idle(TimeSpan.MaxValue);
                    return;
                }

                missing = slot.Reach + 1;
                if (_ring.Holds(missing))
                {
                    // The next frame follows with no end of this one: its sender stopped within it, or a slot was switched.
                    SkipTo(missing);
                    continue;
                }
            }

            if (missing > _highest)
            {
                Idle(missing == start || _tailAsked ? TimeSpan.MaxValue : _lastArrival + _maxWait);
                return;
            }

            Await(missing);
            return;
        }
    }

    private void Idle(TimeSpan deadline)
    {
        _gap = VideoPacketRing.Slot.Unknown;
        NextDeadline = deadline;
    }

    /// <summary>Waits for a packet from when the first after it came.</summary>
    private void Await(long missing)
    {
        if (_gap != missing)
        {
            _gap = missing;
            _gapSince = TimeSpan.MaxValue;
            for (var sequence = missing + 1; sequence <= _highest; sequence++)
            {
                if (_ring.Holds(sequence) && _ring[sequence].ArrivedAt < _gapSince) _gapSince = _ring[sequence].ArrivedAt;
            }
        }

        NextDeadline = _gapSince + _maxWait;
    }

    /// <summary>In order, what comes next is no start of a frame: padding between frames, or its sender forgot it.</summary>
    private void SkipHead(bool isPadding)
    {
        if (isPadding)
        {
            _ring.Release(_next++);
        }
        else
        {
            SkipTo(_next + 1);
        }
    }

    /// <summary>Gives up all before a packet, and looks for the next keyframe from there.</summary>
    private void SkipTo(long sequence)
    {
        var wasInOrder = _phase == Phase.InOrder;
        if (wasInOrder) _statistics.GivenUp++;
        Drop(sequence);
        _phase = Phase.NeedsKeyframe;
        _tailAsked = false;
        _isReady = false;
        if (_candidate >= sequence) return;
        if (wasInOrder || _candidate != VideoPacketRing.Slot.Unknown) _candidate = FindKeyframe(sequence);
        if (_candidate != VideoPacketRing.Slot.Unknown) return;
        _cameSinceAsked = true;
        if (_now >= _askAt) Ask();
    }

    private long FindKeyframe(long from)
    {
        for (var sequence = from; sequence <= _highest; sequence++)
        {
            if (_ring.Holds(sequence) && _ring[sequence].IsKeyframe) return sequence;
        }

        return VideoPacketRing.Slot.Unknown;
    }

    private void Drop(long before)
    {
        for (var last = Math.Min(before - 1, _highest); _next <= last && _ring.Count > 0; _next++)
        {
            if (_ring.Release(_next)) _statistics.Dropped++;
        }

        _next = before;
        _highest = Math.Max(_highest, before - 1);
    }

    private void Ask()
    {
        _keyframeNeeded = true;
        _cameSinceAsked = false;
        _askAt = _now + _options.KeyframeInterval;
        _statistics.KeyframesAsked++;
    }

    private void Grow(int used, int needed)
    {
        var larger = _pool.Rent(Math.Max(needed, Math.Max(16 * 1024, 2 * _frame.Length)));
        _frame.AsSpan(0, used).CopyTo(larger);
        if (_frame.Length > 0) _pool.Return(_frame);
        _frame = larger;
    }
}
