using Parley.Media.Rtcp;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// One video place on a viewer's page: one m-line, one SSRC, one continuous stream whoever is in it (design §4). A new
/// source takes over at its first keyframe; until then the slot goes on with the one before, so nothing freezes.
/// </summary>
internal sealed class Slot : IDisposable
{
    /// <summary>Retransmissions a viewer may ask for per second: more would be amplification, not repair.</summary>
    private const int RetransmissionsPerSecond = 500;

    /// <summary>
    /// The longest hole passed on: what the cache could still fill. A longer one is closed by a keyframe, or a sender that jumps
    /// would make the viewer's SRTP lose count for good (RFC 3711 §3.3.1).
    /// </summary>
    private const int LongestHole = RtpPacketCache.DefaultCapacity;

    private readonly ISlotOwner _owner;
    private readonly StreamRewriter _rewriter;
    private VideoSource? _current;
    private VideoSource? _next;

    /// <summary>The current source goes on only with a keyframe: something of it is missing for good.</summary>
    private bool _awaitsKeyframe;
    private SrtpOutboundStream? _srtp;
    private int _retransmissions;
    private TimeSpan _budgetSince;

    public Slot(ISlotOwner owner, string mid, uint ssrc, byte payloadType, RandomSource random)
    {
        _owner = owner;
        Mid = mid;
        Ssrc = ssrc;
        PayloadType = payloadType;
        _rewriter = new StreamRewriter(ssrc, random);
    }

    /// <summary>The m-line's identification tag (RFC 5888).</summary>
    public string Mid { get; }

    /// <summary>The SSRC the viewer receives, named in the answer.</summary>
    public uint Ssrc { get; }

    /// <summary>The payload type the viewer wants for VP8.</summary>
    public byte PayloadType { get; }

    /// <summary>Packets sent, retransmissions not counted (RFC 3550 §6.4.1).</summary>
    public uint PacketCount { get; private set; }

    /// <summary>Payload octets sent.</summary>
    public uint OctetCount { get; private set; }

    /// <summary>The source whose packets go out now.</summary>
    public VideoSource? Current => _current;

    /// <summary>The timestamp of the slot's stream at this moment, for sender reports.</summary>
    public uint TimestampAt(TimeSpan now) => _rewriter.TimestampAt(now);

    /// <summary>The keys are there: from now on packets can go out.</summary>
    public void Open(SrtpSessionKeys keys)
    {
        _srtp?.Dispose();
        _srtp = new SrtpOutboundStream(keys);
    }

    /// <summary>Puts a source into the slot, or null to pause it.</summary>
    public void Show(VideoSource? source)
    {
        if (source is null)
        {
            DetachNext();
            DetachCurrent();
            return;
        }

        if (ReferenceEquals(source, _next)) return;
        DetachNext();
        if (ReferenceEquals(source, _current)) return;
        _next = source;
        source.Attach(this);
        source.WantKeyframe();
    }

    /// <summary>Packets of the current source were lost on purpose: go on with its next keyframe.</summary>
    public void AwaitKeyframe() => _awaitsKeyframe = _current is not null;

    /// <summary>The viewer's decoder asked for a keyframe (PLI or FIR).</summary>
    public void OnKeyframeRequested()
    {
        _current?.WantKeyframe();
        _next?.WantKeyframe();
    }

    /// <summary>A source is gone for good.</summary>
    public void Forget(VideoSource source)
    {
        if (ReferenceEquals(source, _next)) DetachNext();
        if (ReferenceEquals(source, _current)) DetachCurrent();
        source.Detach(this);
        _rewriter.Forget(source);
    }

    /// <summary>A packet of a source this slot shows or waits for.</summary>
    public void OnPacket(
        VideoSource source,
        long sequence,
        in RtpPacket packet,
        in Vp8PayloadDescriptor descriptor,
        bool startsKeyframe,
        TimeSpan now)
    {
        if (_srtp is null) return;
        var isCurrent = ReferenceEquals(source, _current);
        if (isCurrent && sequence - _rewriter.HighestSourceSequence > LongestHole) AwaitKeyframe();
        if (isCurrent && !_awaitsKeyframe) Forward(sequence, in packet, now);

        // What comes before the keyframe refers to frames this viewer does not have; a keyframe from before them is stale.
        else if (startsKeyframe && !(isCurrent && sequence <= _rewriter.HighestSourceSequence)) Begin(source, sequence, in packet, in descriptor, now);
        else source.WantKeyframe();
    }

    /// <summary>Sends a packet again, the same bytes under the same index. False when it is gone or asked for too often.</summary>
    public bool Retransmit(ushort sequence16, TimeSpan now)
    {
        if (_srtp is null || !_rewriter.HasRun) return false;
        if (now - _budgetSince >= TimeSpan.FromSeconds(1))
        {
            _budgetSince = now;
            _retransmissions = 0;
        }

        if (_retransmissions >= RetransmissionsPerSecond) return false;
        var buffer = _owner.SendBuffer;
        var length = _rewriter.WriteAgain(sequence16, PayloadType, now, Room(buffer), out var sequence);
        if (length == 0) return false;
        _retransmissions++;
        _owner.Send(buffer[.._srtp.Protect(buffer, length, sequence)]);
        return true;
    }

    /// <summary>Lets go of sources and keys.</summary>
    public void Dispose()
    {
        DetachNext();
        DetachCurrent();
        _srtp?.Dispose();
        _srtp = null;
    }

    private void Begin(VideoSource source, long sequence, in RtpPacket packet, in Vp8PayloadDescriptor descriptor, TimeSpan now)
    {
        var changed = !ReferenceEquals(source, _current);
        if (changed) _current?.Detach(this);

        _current = source;
        _awaitsKeyframe = false;
        if (changed) _next = null;
        _rewriter.Begin(source, sequence, packet.Timestamp, in descriptor, now);
        if (changed) _owner.OnSlotShown(this, source);
        Forward(sequence, in packet, now);

        // When the keyframe's first packet came late, what follows it has already passed by and waits in the cache.
        var last = Math.Min(source.HighestSequence, sequence + LongestHole);
        for (var next = sequence + 1; next <= last; next++)
        {
            if (source.Cache.TryGet(next, now, out var stored) && RtpPacket.TryParse(stored, out var late)) Forward(next, in late, now);
        }
    }

    private void Forward(long sourceSequence, in RtpPacket packet, TimeSpan now)
    {
        var buffer = _owner.SendBuffer;
        var length = _rewriter.Write(sourceSequence, in packet, PayloadType, now, Room(buffer), out var sequence);
        if (length == 0) return;
        PacketCount++;
        OctetCount += (uint)(length - StreamRewriter.HeaderLength);
        _owner.Send(buffer[.._srtp!.Protect(buffer, length, sequence)]);
    }

    private static Span<byte> Room(Span<byte> buffer) => buffer[..^SrtpOutboundStream.MaxOverhead];

    private void DetachNext()
    {
        _next?.Detach(this);
        _next = null;
    }

    private void DetachCurrent()
    {
        if (_current is not { } current) return;
        current.Detach(this);
        _current = null;
        _awaitsKeyframe = false;
        _owner.OnSlotShown(this, null);
    }
}
