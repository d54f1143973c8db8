using Parley.Media.Rtp;
using Parley.Media.Video;

namespace Parley.Client.Rtc;

/// <summary>
/// One incoming video: asks again for what is missing, puts pictures together, and asks for a keyframe where nothing else
/// helps. Media thread only.
/// </summary>
internal sealed class VideoReceiver(string mid, IRtcPeerEvents events, IRtpTap? tap) : RtpReceiver(mid, VideoSender.ClockRate)
{
    private static readonly TimeSpan WishInterval = TimeSpan.FromMilliseconds(300);

    private readonly VideoFrameBuffer? _frames = tap is null ? new VideoFrameBuffer() : null;
    private NackGenerator _nacks = new();
    private TimestampUnwrapper _timestamps = new();
    private bool _keyframeNeeded;
    private TimeSpan _nextWish;

    /// <inheritdoc/>
    public override TimeSpan NextDeadline => _frames is null ? TimeSpan.MaxValue
        : _nacks.NextDeadline < _frames.NextDeadline ? _nacks.NextDeadline : _frames.NextDeadline;

    /// <summary>Pictures given out whole.</summary>
    public long Frames => _frames?.Statistics.Frames ?? 0;

    /// <inheritdoc/>
    public override void OnPacket(in RtpPacket packet, long index, TimeSpan now)
    {
        base.OnPacket(in packet, index, now);
        if (_frames is null)
        {
            tap!.OnVideoPacket(Mid, in packet, index, now);
            return;
        }

        _nacks.OnPacket(index, now);
        _keyframeNeeded |= _nacks.TakeKeyFrameNeeded();
        _frames.Insert(index, _timestamps.Unwrap(packet.Timestamp), packet.Marker, packet.Payload, now);
        Deliver();
    }

    /// <summary>Lets go of what did not come in time.</summary>
    public void HandleTimeout(TimeSpan roundTrip, TimeSpan now)
    {
        if (_frames is null) return;
        _frames.SetRoundTripTime(roundTrip);
        _frames.HandleTimeout(now);
        Deliver();
    }

    /// <summary>The sequence numbers to ask for again now.</summary>
    public int CollectNacks(TimeSpan now, TimeSpan roundTrip, Span<ushort> destination) =>
        _frames is null ? 0 : _nacks.CollectDue(now, roundTrip, destination);

    /// <summary>Whether a wish of the decoder's is to be followed: one in a round trip's time is enough.</summary>
    public bool TakeKeyframeWish(TimeSpan now)
    {
        if (now < _nextWish) return false;
        _nextWish = now + WishInterval;
        return _keyframeNeeded = true;
    }

    /// <summary>Whether to ask for a keyframe now (RFC 4585 §6.3.1); asking answers true once.</summary>
    public bool TakeKeyframeNeeded()
    {
        var needed = _keyframeNeeded;
        _keyframeNeeded = false;
        return needed;
    }

    /// <inheritdoc/>
    public override void Dispose() => _frames?.Dispose();

    /// <inheritdoc/>
    protected override void OnRestart()
    {
        _nacks = new NackGenerator();
        _timestamps = new TimestampUnwrapper();
        _frames?.Reset();
    }

    private void Deliver()
    {
        while (_frames!.TryTake(out var info, out var frame)) events.OnVideoFrame(Mid, frame, info.Timestamp, info.IsKeyframe);
        _nacks.ForgetBefore(_frames.FirstNeeded);
        _keyframeNeeded |= _frames.TakeKeyframeNeeded();
    }
}
