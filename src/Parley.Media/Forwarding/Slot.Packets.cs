namespace Parley.Media.Forwarding;

/// <summary>How the packets of what is shown go on.</summary>
internal sealed partial class Slot
{
    /// <summary>The steps of <see cref="Prefetch"/>.</summary>
    public const int PrefetchSteps = 5;

    /// <summary>
    /// The longest hole passed on: what the cache could still fill. A longer one is closed by a keyframe, or a sender that jumps
    /// would make the viewer's SRTP lose count for good (RFC 3711 §3.3.1).
    /// </summary>
    private const int LongestHole = StreamRewriter.History;

    /// <summary>
    /// A viewer's wishes for keyframes count once in this time: a keyframe burdens everybody who shows the source, and one is enough
    /// for all of a viewer's decoders to go on. A wish within it is kept until it is over.
    /// </summary>
    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Asks for the memory that <see cref="OnPackets"/> will need: in each step for what the one before has brought the addresses of. In order,
    /// each with some time to the next.
    /// </summary>
    /// <param name="step">0 to <see cref="PrefetchSteps"/> − 1.</param>
    public void Prefetch(int step)
    {
        switch (step)
        {
            case 0:
                CacheLines.Prefetch(this, 5);
                break;
            case 1:
                CacheLines.Prefetch(_rewriter, 2);
                CacheLines.Prefetch(_owner, 5);
                CacheLines.Prefetch(Srtp, 1);
                CacheLines.Prefetch(_payloadTypes, 1);
                break;
            default:
                _rewriter.Prefetch(step - 2);
                _owner.Prefetch(step - 2);
                Srtp?.Prefetch(step - 2);
                break;
        }
    }

    /// <summary>Packets of an encoding of a source this slot shows or waits for.</summary>
    public void OnPackets(VideoEncoding encoding, ReadOnlySpan<PendingPacket> packets, TimeSpan now)
    {
        if (IsPaused || !_owner.IsOpen) return;
        var isCurrent = ReferenceEquals(encoding, _current);
        if (!isCurrent && !ReferenceEquals(encoding, _next)) return;
        if (_keyframeAsked && now >= _keyframeAllowedAt)
        {
            (_keyframeAsked, _keyframeAllowedAt) = (false, now + KeyframeInterval);
            Refresh();
        }

        foreach (ref readonly var packet in packets)
        {
            if (isCurrent && _isHeld) continue;
            if (isCurrent && packet.Index - _rewriter.HighestSourceSequence > LongestHole) AwaitKeyframe();
            if (isCurrent && !_awaitsKeyframe)
            {
                Forward(in packet, now);
            }
            else if (packet.Info.StartsKeyFrame && !(isCurrent && packet.Index <= _rewriter.HighestSourceSequence))
            {
                Begin(encoding, in packet, now);
                isCurrent = true;
            }
            else
            {
                encoding.WantKeyframe();
            }
        }
    }

    private void Begin(VideoEncoding encoding, in PendingPacket packet, TimeSpan now)
    {
        var before = _shown;
        if (!ReferenceEquals(encoding, _current))
        {
            if (ReferenceEquals(encoding.Source, before) && _current is not null) _owner.OnOccurred(Occurrence.EncodingSwitch);
            _wantedTemporal = _nextTemporal;
        }
        else if (_temporal != _wantedTemporal)
        {
            _owner.OnOccurred(Occurrence.TemporalSwitch);
        }

        (_shown, _current, _next) = (encoding.Source, encoding, null);
        (_awaitsKeyframe, _isHeld, _keyframeAsked, _temporal) = (false, false, false, _wantedTemporal);
        _pictureTimestamp = packet.Timestamp;
        _rewriter.Begin(encoding, in packet, now);
        if (!ReferenceEquals(before, _shown))
        {
            before?.Detach(this);
            _owner.OnSlotShown(this, _shown);
        }

        Forward(in packet, now);

        // When the keyframe's first packet came late, what follows it has already passed by and waits in the cache.
        var last = Math.Min(encoding.HighestSequence, packet.Index + LongestHole);
        for (var next = packet.Index + 1; next <= last; next++)
        {
            if (encoding.TryDescribe(next, now, out var late)) Forward(in late, now);
        }
    }

    private void Forward(in PendingPacket packet, TimeSpan now)
    {
        if (packet.Index > _rewriter.HighestSourceSequence && packet.Timestamp != _pictureTimestamp) BeginPicture(in packet);
        if (!_rewriter.TryTake(in packet, _temporal, now, out var sequence)) return;
        PacketCount++;
        OctetCount += (uint)(packet.PayloadLength + packet.Padding);
        _owner.Send(this, sequence, packet.PayloadLength + packet.Padding, now);
    }

    /// <summary>
    /// Temporal layers change between pictures: down at any, up where a picture needs none of those left out. Not behind a hole, for
    /// which of its packets are of the picture before nobody knows yet.
    /// </summary>
    private void BeginPicture(in PendingPacket packet)
    {
        _pictureTimestamp = packet.Timestamp;
        if (packet.Index != _rewriter.HighestSourceSequence + 1 || _temporal == _wantedTemporal) return;
        var before = _temporal;
        _temporal = packet.Info.Follow(_temporal, _wantedTemporal);
        if (_temporal != before) _owner.OnOccurred(Occurrence.TemporalSwitch);
    }
}
