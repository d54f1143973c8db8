using Parley.Media.Rtcp;
using Parley.Media.Rtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// One video a participant sends (the camera or the screen): counts what arrives, asks again for what is missing, keeps
/// the last packets for those who ask again, and hands each packet to the slots that show it.
/// </summary>
internal sealed class VideoSource : IRtpReceiver
{
    /// <summary>One PLI per source at most this often: a keyframe is 5–10 times a frame (design: 200–500 ms).</summary>
    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(300);

    private readonly List<Slot> _slots = [];
    private readonly RtpReceiveStatistics _statistics;
    private NackGenerator _nacks = new();
    private readonly KeyframeRequester _keyframes = new(KeyframeInterval);
    private long _highest = -1;
    private bool _enabled = true;

    /// <param name="ssrc">The SSRC the participant sends it with.</param>
    public VideoSource(uint ssrc)
    {
        Ssrc = ssrc;
        _statistics = new RtpReceiveStatistics(ssrc, StreamRewriter.ClockRate);
    }

    /// <inheritdoc/>
    public uint Ssrc { get; }

    /// <summary>The last packets, as they arrived and decrypted.</summary>
    public RtpPacketCache Cache { get; } = new();

    /// <summary>When to come back for negative acknowledgements.</summary>
    public TimeSpan NextDeadline => _nacks.NextDeadline;

    /// <summary>
    /// Whether the participant may send now. Packets of a source that is off are dropped; when it comes on again those who
    /// show it wait for a keyframe, because what was dropped is missing from their decoders.
    /// </summary>
    public bool Enabled
    {
        get => _enabled;
        set
        {
            if (value && !_enabled)
            {
                _nacks = new NackGenerator();
                foreach (var slot in _slots) slot.AwaitKeyframe();
                if (_slots.Count > 0) _keyframes.Want();
            }

            _enabled = value;
        }
    }

    /// <summary>A slot shows this source, or waits to.</summary>
    public void Attach(Slot slot)
    {
        if (!_slots.Contains(slot)) _slots.Add(slot);
    }

    /// <summary>A slot no longer shows this source nor waits to.</summary>
    public void Detach(Slot slot) => _slots.Remove(slot);

    /// <summary>The source is gone: every slot that shows it or waits for it is told.</summary>
    public void End()
    {
        // From the back: a slot detaches itself while it forgets.
        for (var i = _slots.Count - 1; i >= 0; i--) _slots[i].Forget(this);
        Cache.Dispose();
    }

    /// <summary>A decoder that shows this source needs a keyframe.</summary>
    public void WantKeyframe() => _keyframes.Want();

    /// <summary>Whether to send a PLI for this source now.</summary>
    public bool TryTakeKeyframeRequest(TimeSpan now) => _enabled && _keyframes.TryTake(now);

    /// <inheritdoc/>
    public void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        _highest = Math.Max(_highest, index);
        _statistics.OnPacket(packet.SequenceNumber, packet.Timestamp, now);
        if (!_enabled) return;

        _nacks.OnPacket(index, now);
        if (_nacks.TakeKeyFrameNeeded()) _keyframes.Want();
        Cache.Store(index, packet.Bytes, now);
        var startsKeyframe = Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor) && descriptor.IsKeyFrame;
        if (startsKeyframe)
        {
            // Nobody needs what was before it.
            _keyframes.Arrived();
            _nacks.ForgetBefore(index);
        }

        foreach (var slot in _slots) slot.OnPacket(this, index, in packet, in descriptor, startsKeyframe, now);
    }

    /// <summary>
    /// The index of the newest packet. It is SRTP's own count, so that no two packets ever have the same: a second count of the
    /// 16 bits could disagree with it, and a slot would then protect two packets under one index (RFC 3711 §9.1).
    /// </summary>
    public long HighestSequence => _highest;

    /// <inheritdoc/>
    public void OnSenderReport(NtpTime time, TimeSpan now) => _statistics.OnSenderReport(time, now);

    /// <inheritdoc/>
    public bool HasNews => _statistics.HasNews;

    /// <inheritdoc/>
    public ReportBlock BuildReportBlock(TimeSpan now) => _statistics.BuildReportBlock(now);

    /// <summary>The sequence numbers to ask for again now.</summary>
    public int CollectNacks(TimeSpan now, TimeSpan roundTrip, Span<ushort> destination) =>
        _nacks.CollectDue(now, roundTrip, destination);
}
