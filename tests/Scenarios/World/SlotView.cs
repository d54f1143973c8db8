using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>
/// A viewer's decoder for one slot. Knows only what a browser knows (sequence numbers, timestamps, picture ids, temporal layers) and
/// decodes a picture as soon as it is whole and what it follows was decoded; the mark in each packet then tells the test whose picture
/// it was, and whether that was true.
/// </summary>
internal sealed class SlotView(string mid, uint ssrc, uint? rtxSsrc)
{
    /// <summary>The first packet to arrive need not be the first that was sent.</summary>
    private const int ReorderingAtStart = 20;

    private readonly SortedDictionary<long, Packet> _waiting = [];
    private readonly HashSet<(int Owner, bool IsScreen, byte Encoding, long Frame)> _references = [];
    private readonly NackGenerator _nacks = new();
    private SequenceUnwrapper _sequences = new();
    private TimestampUnwrapper _timestamps = new();
    private long _nextSequence = -1;
    private long _lastTimestamp = long.MinValue;
    private Vp8PayloadDescriptor? _last;
    private TimeSpan _stuckSince = TimeSpan.MaxValue;
    private TimeSpan _nextRequest;
    private int? _told;

    public string Mid => mid;

    public uint Ssrc => ssrc;

    public uint? RtxSsrc => rtxSsrc;

    /// <summary>Every frame decoded, in order.</summary>
    public List<(TimeSpan At, FrameMark Mark)> Frames { get; } = [];

    /// <summary>What the server told of the slot's quality, in order.</summary>
    public List<(TimeSpan At, SlotLevel Level, SlotLimit Limit)> Qualities { get; } = [];

    /// <summary>Frames decoded, by whose they were.</summary>
    public Dictionary<int, int> Decoded { get; } = [];

    /// <summary>When the last frame was decoded.</summary>
    public TimeSpan LastDecodedAt { get; private set; }

    /// <summary>The longest time without a decoded frame, after the first.</summary>
    public TimeSpan LongestFreeze { get; private set; }

    /// <summary>Keyframes this decoder had to ask for.</summary>
    public int KeyframeRequests { get; private set; }

    /// <summary>Whose the last decoded frame was.</summary>
    public int? Showing { get; private set; }

    /// <summary>The longest time without a decoded frame within a stretch of time, its ends included.</summary>
    public TimeSpan FreezeBetween(TimeSpan from, TimeSpan to)
    {
        var (longest, last) = (TimeSpan.Zero, from);
        foreach (var (at, _) in Frames)
        {
            if (at <= from) continue;
            if (at > to) break;
            (longest, last) = (at - last > longest ? at - last : longest, at);
        }

        return to - last > longest ? to - last : longest;
    }

    /// <summary>The frames decoded within a stretch of time.</summary>
    public List<FrameMark> FramesBetween(TimeSpan from, TimeSpan to) => [.. Frames.Where(frame => frame.At > from && frame.At <= to).Select(frame => frame.Mark)];

    /// <summary>Which encodings were decoded one after the other, and since when.</summary>
    public List<(TimeSpan Since, byte Encoding)> EncodingsBetween(TimeSpan from, TimeSpan to)
    {
        var runs = new List<(TimeSpan Since, byte Encoding)>();
        foreach (var (at, mark) in Frames)
        {
            if (at > from && at <= to && (runs.Count == 0 || runs[^1].Encoding != mark.Encoding)) runs.Add((at, mark.Encoding));
        }

        return runs;
    }

    public void Told(int? source) => _told = source;

    /// <summary>Whom the server said is shown.</summary>
    public int? ToldSource => _told;

    public void Receive(in RtpPacket packet, TimeSpan now)
    {
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        _nacks.OnPacket(sequence, now);
        if (_nextSequence < 0) _nextSequence = sequence - ReorderingAtStart;
        if (sequence < _nextSequence || packet.Payload.IsEmpty) return;
        _waiting.TryAdd(sequence, Packet.Read(in packet, _timestamps.Unwrap(packet.Timestamp)));
        while (TryDecodeNext(now)) _stuckSince = TimeSpan.MaxValue;
        _stuckSince = _waiting.Count == 0 ? TimeSpan.MaxValue : _stuckSince == TimeSpan.MaxValue ? now : _stuckSince;
    }

    public int CollectNacks(TimeSpan now, Span<ushort> lost) => _nacks.CollectDue(now, TimeSpan.FromMilliseconds(120), lost);

    /// <summary>A decoder that cannot go on asks for a keyframe, every 300 ms.</summary>
    public bool TakeKeyframeRequest(TimeSpan now)
    {
        var stuck = _stuckSince < TimeSpan.MaxValue && now - _stuckSince > TimeSpan.FromMilliseconds(500);
        if (!stuck || now < _nextRequest) return false;
        _nextRequest = now + TimeSpan.FromMilliseconds(300);
        KeyframeRequests++;
        return true;
    }

    /// <summary>Decodes the next whole picture that can be, and gives up those before it.</summary>
    private bool TryDecodeNext(TimeSpan now)
    {
        foreach (var (sequence, packet) in _waiting)
        {
            if (!CanDecode(in packet) || !TryMeasure(sequence, out var length)) continue;
            Decode(sequence, length, now);
            foreach (var old in _waiting.Keys.TakeWhile(key => key < sequence + length).ToList()) _waiting.Remove(old);
            return true;
        }

        return false;
    }

    /// <summary>By what a VP8 decoder sees: one of the lowest temporal layer follows the one before, any other follows the very last.</summary>
    private bool CanDecode(in Packet packet) => packet switch
    {
        { StartsFrame: false } => false,
        { StartsKeyframe: true } => true,
        { Descriptor.Tid: 0 } => _last is { } last && packet.Descriptor.Tl0PicIdx == (byte)(last.Tl0PicIdx + 1),
        _ => _last is { } last && packet.Descriptor.Tl0PicIdx == last.Tl0PicIdx && packet.Descriptor.PictureId == ((last.PictureId + 1) & 0x7FFF),
    };

    /// <summary>How many packets the picture has that begins here; false while some are missing.</summary>
    private bool TryMeasure(long sequence, out int length)
    {
        length = 0;
        var timestamp = _waiting[sequence].Timestamp;
        for (var at = sequence; _waiting.TryGetValue(at, out var packet) && packet.Timestamp == timestamp; at++)
        {
            length++;
            if (packet.Marker) return true;
        }

        return false;
    }

    private void Decode(long sequence, int length, TimeSpan now)
    {
        var first = _waiting[sequence];
        for (var i = 0; i < length; i++)
        {
            // Not one packet of a frame may be from anyone or anywhere else.
            var packet = _waiting[sequence + i];
            Assert.Equal(first.Mark with { Index = (ushort)i }, packet.Mark);
            Assert.Equal(first.Descriptor.PictureId, packet.Descriptor.PictureId);
        }

        Assert.Equal(first.Mark.Count, length);
        Assert.True(first.Timestamp > _lastTimestamp, "a slot's timestamps only grow");

        // What looks decodable by numbers is so indeed: what the picture is made from was decoded.
        var mark = first.Mark;
        if (first.StartsKeyframe) _references.Clear();
        var isWhole = first.StartsKeyframe || _references.Contains((mark.Owner, mark.IsScreen, mark.Encoding, mark.Reference));
        Assert.True(isWhole, $"{mark} without what it is made from");
        _references.Add((mark.Owner, mark.IsScreen, mark.Encoding, mark.Frame));

        (_nextSequence, _lastTimestamp, _last) = (sequence + length, first.Timestamp, first.Descriptor);
        if (Decoded.Count > 0 && now - LastDecodedAt > LongestFreeze) LongestFreeze = now - LastDecodedAt;
        Decoded[mark.Owner] = Decoded.GetValueOrDefault(mark.Owner) + 1;
        Frames.Add((now, mark));
        Showing = mark.Owner;
        LastDecodedAt = now;
    }

    private readonly record struct Packet(long Timestamp, bool Marker, Vp8PayloadDescriptor Descriptor, FrameMark Mark)
    {
        public bool StartsFrame => Descriptor.StartsFrame;

        public bool StartsKeyframe => Descriptor.IsKeyFrame;

        public static Packet Read(in RtpPacket packet, long timestamp)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor));
            var mark = FrameMark.Read(packet.Payload[(descriptor.Length + 10)..]);
            Assert.Equal(mark.IsKeyframe && mark.Index == 0, descriptor.IsKeyFrame);
            return new Packet(timestamp, packet.Marker, descriptor, mark);
        }
    }
}
