using Parley.Media.Congestion;
using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// The way down to one viewer: their slots, what their path bears, which encoding each slot gets of it, and when a packet may leave.
/// Packets are written and protected in the sink's own memory.
/// </summary>
internal sealed partial class Downlink : ISlotOwner, IDisposable
{
    /// <summary>A datagram of ours is never longer: an RTP packet as long as one that came, with our own extension and SRTP's tag.</summary>
    private const int MaxDatagram = 2_000;

    /// <summary>Retransmissions a viewer may ask for per second: more would be amplification, not repair.</summary>
    private const int RetransmissionsPerSecond = 500;

    /// <summary>The share of what the path bears that retransmissions may have: more of them on a full path only bring more loss.</summary>
    private const double RepairShare = 0.5;

    /// <summary>What of it may be saved up: the loss of a moment is repaired at once.</summary>
    private static readonly TimeSpan RepairBurst = TimeSpan.FromMilliseconds(500);

    /// <summary>What each packet has besides its payload.</summary>
    private const int FixedLength = StreamRewriter.HeaderLength + StreamRewriter.ExtensionLength + SrtpOutboundStream.MaxOverhead;

    private readonly IDownlinkOwner _owner;
    private readonly RandomSource _random;
    private readonly List<Slot> _slots = [];
    private readonly Queue<Waiting> _queue = new();
    private readonly Pacer _pacer = new(PacingOf(new BandwidthOptions().Start));
    private BandwidthEstimator? _estimator;
    private SrtpSessionKeys? _keys;
    private byte _transportId;

    /// <summary>What the viewer believes to be able to receive, if it tells only that.</summary>
    private long? _believed;
    private long _queuedBytes;
    private int _retransmissions;
    private TimeSpan _budgetSince;
    private double _repairBytes;
    private TimeSpan _repairAt;
    private bool _hasCollapsed;
    private PacingWaits _waits;

    /// <param name="owner">The connection.</param>
    /// <param name="random">Where streams begin.</param>
    public Downlink(IDownlinkOwner owner, RandomSource random) => (_owner, _random) = (owner, random);

    /// <inheritdoc/>
    public bool IsOpen => _keys is not null;

    /// <summary>How many slots there are.</summary>
    public int Count => _slots.Count;

    /// <summary>What the path bears, in bit/s; null when the viewer tells nothing of it.</summary>
    public long? Target => _estimator?.Target ?? _believed;

    /// <summary>How long packets waited for their turn, of the last whole 10 s.</summary>
    public (TimeSpan Mean, TimeSpan Max) ReadWaits(TimeSpan now)
    {
        _waits.Turn(now);
        return (_waits.Mean, _waits.Max);
    }

    /// <summary>The slot at a place.</summary>
    public Slot this[int index] => _slots[index];

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The slot of an m-line; null when there is none.</summary>
    public Slot? Find(string mid)
    {
        foreach (var slot in _slots)
        {
            if (slot.Mid == mid) return slot;
        }

        return null;
    }

    /// <summary>The slot whose packets have this SSRC; null when none has.</summary>
    public Slot? Find(uint ssrc)
    {
        foreach (var slot in _slots)
        {
            if (slot.Ssrc == ssrc) return slot;
        }

        return null;
    }

    /// <summary>Makes a slot.</summary>
    public void Add(string mid, uint ssrc, uint? rtxSsrc, IReadOnlyList<VideoFormat> formats)
    {
        var slot = new Slot(this, mid, ssrc, rtxSsrc, formats, _random);
        if (_keys is { } keys) slot.Open(keys);
        _slots.Add(slot);
    }

    /// <summary>
    /// The viewer reports on packets that carry this header extension: what is sent follows what their path bears. Only before the first
    /// packet: one sent without the extension could not be repeated with it (RFC 3711 §9.1).
    /// </summary>
    public void Estimate(byte transportId, BandwidthOptions options)
    {
        if (_estimator is not null || transportId == 0 || HasSent()) return;
        _transportId = transportId;
        _estimator = new BandwidthEstimator(options);
        OnDemandChanged();
    }

    /// <summary>The keys are there: from now on packets can go out.</summary>
    public void Open(SrtpSessionKeys keys)
    {
        _keys = keys;
        foreach (var slot in _slots) slot.Open(keys);
        OnDemandChanged();
    }

    /// <summary>The way to the viewer is another: what was measured says nothing of it, and nobody knows what was lost.</summary>
    public void OnNewPath(TimeSpan now)
    {
        _estimator?.OnNewPath(now);
        foreach (var slot in _slots) slot.Refresh();
        OnDemandChanged();
    }

    /// <summary>Takes the viewer's transport-wide feedback.</summary>
    public void OnFeedback(in TransportCcFeedback feedback, TimeSpan now)
    {
        if (_estimator is not { } estimator) return;
        var before = estimator.Target;
        estimator.OnFeedback(in feedback, now);
        OnEstimate(before, now);
    }

    /// <summary>Takes what a viewer who does not report on single packets believes to be able to receive, in bit/s.</summary>
    public void OnRemb(long bitrate)
    {
        if (_estimator is not null || bitrate <= 0) return;
        if (_believed is not { } before || bitrate < before) _allocateAt = TimeSpan.Zero;
        _believed = bitrate;
        Due(_allocateAt);
    }

    /// <summary>Answers a NACK: the packet as RTX, or the same bytes under the same index. False when it is gone or asked for too often.</summary>
    public bool Retransmit(Slot slot, ushort sequence16, TimeSpan now)
    {
        if (!IsOpen || !_owner.CanSend || !slot.Stream.TryFindSent(sequence16, out var sequence)) return false;
        if (now - _budgetSince >= TimeSpan.FromSeconds(1)) (_budgetSince, _retransmissions) = (now, 0);
        if (_retransmissions >= RetransmissionsPerSecond) return false;
        if (slot.IsPast(sequence) || !MayRepair(now)) return false;
        var (media, rtx) = slot.PayloadTypes(slot.Stream.CodecOf(sequence) ?? VideoCodec.Vp8);
        var payload = slot.Stream.LengthOf(sequence, now);
        if (rtx != 0 ? !SendRtx(slot, rtx, sequence, SentKind.Retransmission, now) : !Emit(slot, sequence, payload, media, isRepeated: true, now)) return false;
        _retransmissions++;
        _repairBytes -= payload;
        return true;
    }

    private bool MayRepair(TimeSpan now)
    {
        if (_estimator is not { } estimator) return true;
        var rate = RepairShare * estimator.Target / 8;
        _repairBytes = Math.Min(_repairBytes + rate * (now - _repairAt).TotalSeconds, rate * RepairBurst.TotalSeconds);
        _repairAt = now;
        return _repairBytes > 0;
    }

    /// <inheritdoc/>
    void ISlotOwner.Send(Slot slot, long sequence, int payloadLength, TimeSpan now)
    {
        // Nobody is there to send to: the number stays, and a NACK finds its packet.
        if (!_owner.CanSend)
        {
            _owner.OnOccurred(Occurrence.Abandoned);
            return;
        }

        if (_estimator is null || (_queue.Count == 0 && _pacer.CanSend(now)))
        {
            Emit(slot, sequence, payloadLength, slot.PayloadTypes(slot.Current!.Format.Codec).Media, isRepeated: false, now);
            _waits.Record(TimeSpan.Zero, now);
            return;
        }

        _queue.Enqueue(new Waiting(slot, sequence, payloadLength, now));
        _queuedBytes += payloadLength;
        if (_queue.Count == 1) Due(now);
    }

    /// <inheritdoc/>
    void ISlotOwner.OnOccurred(Occurrence occurrence) => _owner.OnOccurred(occurrence);

    /// <inheritdoc/>
    void ISlotOwner.Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Prefetch(_estimator, 6);
            CacheLines.Prefetch(_pacer, 1);
            CacheLines.Prefetch(_queue, 1);
            CacheLines.Prefetch(_owner, 5);
        }
        else
        {
            _estimator?.Prefetch(step - 1);
            _owner.Prefetch(step - 1);
        }
    }

    /// <inheritdoc/>
    void ISlotOwner.OnSlotShown(Slot slot, VideoSource? source) => _owner.OnSlotShown(slot, source);

    /// <inheritdoc/>
    public void OnDemandChanged()
    {
        _allocateAt = TimeSpan.Zero;
        Due(TimeSpan.Zero);
    }

    /// <summary>Runs whatever is due.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        if (now < NextDeadline) return;
        if (_estimator is { } estimator && now >= estimator.NextDeadline)
        {
            var before = estimator.Target;
            estimator.HandleTimeout(now);
            OnEstimate(before, now);
        }

        SendWaiting(now);
        SendProbe(now);
        if (now >= _allocateAt) Allocate(now);
        NextDeadline = Earliest(now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots) slot.Dispose();
        _queue.Clear();
        _keys = null;
    }

    private void OnEstimate(long before, TimeSpan now)
    {
        var target = _estimator!.Target;
        var hasCollapsed = _estimator.HasCollapsed(now);
        if (target != before || hasCollapsed != _hasCollapsed)
        {
            // Into a full queue nothing goes faster than it empties, voices included, or the keyframe that is to end the freeze is lost.
            _pacer.SetRate(hasCollapsed ? target * 7 / 8 : PacingOf(target), now);
            if (hasCollapsed && !_hasCollapsed) _pacer.Exhaust(now);
            _hasCollapsed = hasCollapsed;

            // Down at once; up with the next look.
            if (target < before) _allocateAt = TimeSpan.Zero;
        }

        Due(TimeSpan.Zero);
    }

    private void SendWaiting(TimeSpan now)
    {
        while (_queue.TryPeek(out var waiting) && (_estimator is null || _pacer.CanSend(now)))
        {
            _queue.Dequeue();
            _queuedBytes -= waiting.PayloadLength;
            if (TryEmit(in waiting, now)) _waits.Record(now - waiting.Since, now);
            else _owner.OnOccurred(Occurrence.Abandoned);
        }

        if (_estimator is not null) _pacer.SetQueue(_queuedBytes, _queue.TryPeek(out var first) ? first.Since : now, now);
    }

    private bool TryEmit(in Waiting waiting, TimeSpan now)
    {
        var slot = waiting.Slot;
        return !slot.IsPast(waiting.Sequence) && _owner.CanSend
            && slot.Stream.CodecOf(waiting.Sequence) is { } codec
            && slot.Stream.LengthOf(waiting.Sequence, now) is > 0 and var payload
            && Emit(slot, waiting.Sequence, payload, slot.PayloadTypes(codec).Media, isRepeated: false, now);
    }

    /// <summary>
    /// Writes a packet that has its number and is in the cache, protects it and hands it to the sink; once more with the same bytes when it
    /// is repeated. <paramref name="payload"/> is its payload's length and padding.
    /// </summary>
    private bool Emit(Slot slot, long sequence, int payload, byte payloadType, bool isRepeated, TimeSpan now)
    {
        ushort transport = 0;
        if (_estimator is { } estimator)
        {
            var bytes = FixedLength + payload + _owner.DatagramOverhead;
            _pacer.OnSent(bytes, now);

            // What is repeated byte for byte has its transport-wide number, too, of the first time.
            if (!isRepeated) transport = estimator.OnSending(bytes, SentKind.Media, ProbeOf(bytes), now);
        }

        var buffer = _owner.Reserve(MaxDatagram);
        var length = slot.Stream.Write(sequence, payloadType, _transportId, transport, now, buffer[..^SrtpOutboundStream.MaxOverhead]);
        if (length == 0) return false;
        _owner.Commit(slot.Srtp!.Protect(buffer, length, sequence));
        return true;
    }

    private bool SendRtx(Slot slot, byte payloadType, long sequence, SentKind kind, TimeSpan now)
    {
        if (slot.Stream.LengthOf(sequence, now) is not (> 0 and var payload)) return false;
        ushort transport = 0;
        if (_estimator is { } estimator)
        {
            var bytes = FixedLength + RtxPacket.Overhead + payload + _owner.DatagramOverhead;
            transport = estimator.OnSending(bytes, kind, ProbeOf(bytes), now);
            _pacer.OnSent(bytes, now);
        }

        var buffer = _owner.Reserve(MaxDatagram);
        var rtx = slot.Rtx!;
        var length = slot.Stream.WriteRetransmission(
            sequence, (rtx.Next, rtx.Ssrc, payloadType), _transportId, transport, now, buffer[..^SrtpOutboundStream.MaxOverhead]);
        if (length == 0) return false;
        _owner.Commit(rtx.Protect(buffer, length));
        return true;
    }

    /// <summary>Somewhat faster than the path is believed to be, as libwebrtc does: what waits here is spread, not held back.</summary>
    private static long PacingOf(long target) => target * 5 / 2;

    private bool HasSent()
    {
        foreach (var slot in _slots)
        {
            if (slot.PacketCount > 0) return true;
        }

        return false;
    }

    private void Due(TimeSpan deadline)
    {
        if (deadline >= NextDeadline) return;
        NextDeadline = deadline;
        _owner.OnDownlinkDue();
    }

    private TimeSpan Earliest(TimeSpan now)
    {
        var next = _allocateAt;
        if (_estimator is not { } estimator) return next;
        if (estimator.NextDeadline < next) next = estimator.NextDeadline;
        if (_queue.Count > 0 && _pacer.NextSend(now) is var send && send < next) next = send;
        return _probeAt < next ? _probeAt : next;
    }

    /// <summary>A packet that waits for its turn: its bytes are not written yet.</summary>
    private readonly record struct Waiting(Slot Slot, long Sequence, int PayloadLength, TimeSpan Since);
}
