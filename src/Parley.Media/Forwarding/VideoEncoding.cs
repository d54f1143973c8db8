using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// One encoding of a camera or screen: one SSRC, or one of up to three of simulcast. Counts what arrives, asks again for what is
/// missing, and keeps the last packets, from which the slots write theirs.
/// </summary>
internal sealed class VideoEncoding : IRtpReceiver
{
    /// <summary>One PLI per encoding at most this often: a keyframe is 5–10 times a frame (design: 200–500 ms).</summary>
    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Packets of one batch that are kept apart; more of them are forwarded at once.</summary>
    private const int MaxPending = 128;

    /// <summary>
    /// The most a packet is padded to be as long as its frame's longest. Senders cut frames into packets that differ by a byte or two,
    /// and only packets of one length leave the machine in one go (UDP GSO).
    /// </summary>
    private const int MaxPadding = 32;

    /// <summary>After so much silence it begins anew; after so much of it, it is known what it costs.</summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(1);

    /// <summary>What browsers spend on an encoding of twice the width and height, in multiples.</summary>
    private const double NextLarger = 3;

    /// <summary>The share that is left without the highest temporal layer: libvpx gives three 40, 20 and 40 %.</summary>
    private const double NextLower = 0.6;

    private readonly RtpReceiveStatistics _statistics;
    private readonly KeyframeRequester _keyframes = new(KeyframeInterval);
    private readonly ReplayWindow _seen = new();
    private readonly DependencyStructure _structure = new();
    private readonly byte _descriptorId;
    private NackGenerator _nacks = new();
    private LossCount _lost;
    private EncodingRate _rate;

    /// <summary>What it cost when it came last, before a pause.</summary>
    private EncodingRate _rateBefore;
    private PendingPacket[] _pending = new PendingPacket[8];
    private int _pendingCount;
    private TimeSpan _begunAt = TimeSpan.MinValue;
    private CaptureClock _clock = new(StreamRewriter.ClockRate);

    /// <param name="source">Whose encoding it is.</param>
    /// <param name="number">Which, 0 the smallest.</param>
    /// <param name="ssrc">The SSRC it comes with.</param>
    /// <param name="format">Its codec and payload types.</param>
    /// <param name="extensions">The ids of header extensions.</param>
    /// <param name="memory">Where its last packets are kept.</param>
    public VideoEncoding(VideoSource source, int number, uint ssrc, VideoFormat format, RtpExtensionMap extensions, PacketPages memory)
    {
        (Source, Number, Ssrc, Format) = (source, number, ssrc, format);
        Cache = new RtpPacketCache(memory);
        _statistics = new RtpReceiveStatistics(ssrc, StreamRewriter.ClockRate);
        _descriptorId = extensions[RtpExtensionType.DependencyDescriptor];
    }

    /// <summary>Whose encoding it is.</summary>
    public VideoSource Source { get; }

    /// <summary>Its place among the source's encodings, 0 the smallest.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    public uint Ssrc { get; }

    /// <inheritdoc/>
    public byte PayloadType => Format.PayloadType;

    /// <inheritdoc/>
    public bool IsEnabled => Source.Enabled;

    /// <summary>Its codec and payload types; of another codec it would be another encoding.</summary>
    public VideoFormat Format { get; set; }

    /// <summary>The last packets, as they arrived and decrypted.</summary>
    public RtpPacketCache Cache { get; }

    /// <summary>The picture's size as its last keyframe told; 0 until then.</summary>
    public int Width { get; private set; }

    /// <summary>As <see cref="Width"/>.</summary>
    public int Height { get; private set; }

    /// <summary>When the last packet came.</summary>
    public TimeSpan LastAt { get; private set; } = TimeSpan.MinValue;

    /// <summary>
    /// The index of the newest packet. It is SRTP's own count, so that no two packets ever have the same: a second count of the
    /// 16 bits could disagree with it, and a slot would then protect two packets under one index (RFC 3711 §9.1).
    /// </summary>
    public long HighestSequence { get; private set; } = -1;

    /// <summary>When to come back for negative acknowledgements or a keyframe request.</summary>
    public TimeSpan NextDeadline => !Source.Enabled ? TimeSpan.MaxValue : _nacks.NextDeadline < _keyframes.NextDeadline ? _nacks.NextDeadline : _keyframes.NextDeadline;

    /// <summary>Whether <see cref="CollectNacks"/> is due.</summary>
    public bool OwesNacks(TimeSpan now) => now >= _nacks.NextDeadline;

    /// <summary>Whether packets wait for <see cref="VideoSource.Forward"/>.</summary>
    public bool HasPending => _pendingCount > 0;

    /// <summary>The packets that have come since the last <see cref="ClearPending"/>, in order of arrival.</summary>
    public ReadOnlySpan<PendingPacket> Pending => _pending.AsSpan(0, _pendingCount);

    /// <summary>Whether what waits ends within a picture.</summary>
    public bool IsInPicture => _pendingCount > 0 && !_pending[_pendingCount - 1].Info.EndsFrame;

    /// <summary>Whether a keyframe starts among the packets that wait.</summary>
    public bool BringsKeyframe
    {
        get
        {
            foreach (ref readonly var packet in Pending)
            {
                if (packet.Info.StartsKeyFrame) return true;
            }

            return false;
        }
    }

    /// <summary>Packets lost on the way here so far (RFC 3550 §6.4.1).</summary>
    public long PacketsLost => _statistics.PacketsLost;

    /// <summary>Packets received, retransmissions not counted.</summary>
    public long PacketsReceived => _statistics.PacketsReceived;

    /// <summary>Bit/s of the temporal layers up to this one, over the last second.</summary>
    public long RateOf(int temporalId) => _rate.Get(temporalId);

    /// <summary>
    /// Bit/s of the temporal layers up to this one when it goes on: as measured; of what has only begun what it cost when it came last,
    /// for the keyframe it begins with tells nothing. What never came before should cost some times what the next smaller encoding does.
    /// </summary>
    /// <param name="temporalId">Which.</param>
    /// <param name="smaller">What the next smaller encoding costs in all; 0 when there is none.</param>
    /// <param name="now">The present.</param>
    public long ExpectedRate(int temporalId, long smaller, TimeSpan now)
    {
        if (now - _begunAt >= SettledAfter) return RateOf(temporalId);
        if (_rateBefore.Get(temporalId) is > 0 and var before) return before;
        return smaller > 0 ? (long)(smaller * NextLarger * Math.Pow(NextLower, HighestTemporal - temporalId)) : RateOf(temporalId);
    }

    /// <summary>The highest temporal layer there is now.</summary>
    public int HighestTemporal => _rate.HighestTemporal;

    /// <summary>A decoder needs a keyframe of it.</summary>
    public void WantKeyframe()
    {
        if (_keyframes.Want()) Source.Owner.OnSourceDue();
    }

    /// <summary>Whether to send a PLI for it now.</summary>
    public bool TryTakeKeyframeRequest(TimeSpan now) => Source.Enabled && _keyframes.TryTake(now);

    /// <inheritdoc/>
    public void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        _statistics.OnPacket(packet.SequenceNumber, packet.Timestamp, now);
        Take(in packet, index, now);
    }

    /// <summary>A packet that was asked for again and came as RTX (RFC 4588), rebuilt as it was. Whether it was still missing.</summary>
    public bool OnRetransmission(in RtpPacket packet, TimeSpan now)
    {
        // Near the newest: what was asked for is at most a cache's length old.
        if (HighestSequence < 0) return false;
        var index = HighestSequence + (short)(packet.SequenceNumber - (ushort)HighestSequence);
        return index >= 0 && index <= HighestSequence && Take(in packet, index, now);
    }

    /// <summary>From now on what comes counts again: what was missed while the source was off is nobody's loss.</summary>
    public void Restart()
    {
        _nacks = new NackGenerator();
        WantKeyframe();
    }

    /// <summary>A packet of the cache as it was when it came.</summary>
    public bool TryDescribe(long index, TimeSpan now, out PendingPacket pending)
    {
        pending = default;
        if (!Cache.TryGet(index, now, out var stored) || !RtpPacket.TryParse(stored, out var packet)) return false;
        VideoPacketReader.TryRead(Format.Codec, in packet, _descriptorId, _structure, out var info);
        pending = new PendingPacket(index, packet.Timestamp, packet.Payload.Length, 0, info);
        return true;
    }

    /// <summary>Forgets what waits.</summary>
    public void ClearPending() => _pendingCount = 0;

    /// <inheritdoc/>
    public void OnSenderReport(in SenderInfo info, TimeSpan captured, TimeSpan now)
    {
        _statistics.OnSenderReport(info.NtpTime, now);
        _clock.OnReport(captured, info.RtpTimestamp);
    }

    /// <summary>
    /// The timestamp of a picture that belongs to now: of the instant whose voice is mixed now. Null while its sender's reports do not tell
    /// (RFC 3550 §6.4.1).
    /// </summary>
    public uint? TimestampAt(TimeSpan now) => _clock.IsKnown && Source.Owner.CapturedAt(now) is { } captured ? _clock.TimestampAt(captured) : null;

    /// <inheritdoc/>
    public bool HasNews => _statistics.HasNews;

    /// <inheritdoc/>
    public long TakeLost() => _lost.Take(_statistics.PacketsLost);

    /// <inheritdoc/>
    public ReportBlock BuildReportBlock(TimeSpan now) => _statistics.BuildReportBlock(now);

    /// <summary>The sequence numbers to ask for again now.</summary>
    public int CollectNacks(TimeSpan now, TimeSpan roundTrip, Span<ushort> destination) =>
        _nacks.CollectDue(now, roundTrip, destination);

    private bool Take(in RtpPacket packet, long index, TimeSpan now)
    {
        // A packet comes once, by itself or as its retransmission: two of one index would be two under one key (RFC 3711 §9.1).
        if (!Source.Enabled || _seen.Check(index) != ReplayVerdict.Fresh) return false;
        _seen.Commit(index);
        HighestSequence = Math.Max(HighestSequence, index);
        var silence = LastAt == TimeSpan.MinValue ? TimeSpan.MaxValue : now - LastAt;

        // A camera's pictures come one after the other; a screen may well be still.
        if (silence > (Source.IsScreen ? SettledAfter : EncodingRate.LongestGap))
        {
            if (LastAt - _begunAt >= SettledAfter) _rateBefore = _rate;
            _begunAt = now;
        }

        LastAt = now;
        if (silence > SettledAfter) Source.OnEncodingsChanged();

        _nacks.OnPacket(index, now);
        if (_nacks.TakeKeyFrameNeeded()) WantKeyframe();

        // Of padding alone, a probe of the path, it tells nothing; such a packet still has a number.
        VideoPacketReader.TryRead(Format.Codec, in packet, _descriptorId, _structure, out var info);
        _rate.Add(packet.Bytes.Length, info.TemporalId, now);
        if (info.StartsKeyFrame)
        {
            // Nobody needs what was before it.
            _keyframes.Arrived();
            _nacks.ForgetBefore(index);
            if (info.Width > 0) (Width, Height) = (info.Width, info.Height);
        }

        if (!Cache.Store(index, packet.Bytes, now) || !Source.HasViewers) return true;
        if (_pendingCount == MaxPending) Source.Forward(this, now);
        if (_pendingCount == _pending.Length) Array.Resize(ref _pending, _pending.Length * 2);
        _pending[_pendingCount] = new PendingPacket(index, packet.Timestamp, packet.Payload.Length, 0, info);
        if (_pendingCount++ == 0) Source.AwaitForward(this);
        return true;
    }

    /// <summary>Finds for each waiting packet how much padding makes it as long as the others of its frame.</summary>
    public void PadPending()
    {
        var pending = _pending.AsSpan(0, _pendingCount);
        for (var start = 0; start < pending.Length;)
        {
            var (end, longest) = (start + 1, pending[start].PayloadLength);
            for (; end < pending.Length && pending[end].Timestamp == pending[start].Timestamp; end++) longest = Math.Max(longest, pending[end].PayloadLength);
            for (var i = start; i < end - 1; i++)
            {
                var missing = longest - pending[i].PayloadLength;
                if (missing is > 0 and <= MaxPadding && pending[i].PayloadLength > 0) pending[i] = pending[i] with { Padding = (byte)missing };
            }

            start = end;
        }
    }
}
