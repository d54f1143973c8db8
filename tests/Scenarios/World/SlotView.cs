using Parley.Media.Forwarding;
using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>
/// A viewer's decoder for one slot. Knows only what a browser knows (sequence numbers, timestamps, picture ids) and
/// decodes only a frame that is whole and whose predecessor it decoded, or a keyframe; the mark in each packet then tells
/// the test whose picture it was.
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
    private int _lastPictureId = -1;
    private bool _broken = true;
    private TimeSpan _stuckSince = TimeSpan.MaxValue;
    private TimeSpan _nextRequest;
    private int? _told;

    public string Mid => mid;

    public uint Ssrc => ssrc;

    public uint? RtxSsrc => rtxSsrc;

    /// <summary>Every frame decoded, in order.</summary>
    public List<(TimeSpan At, FrameMark Mark)> Frames { get; } = [];

    /// <summary>Frames decoded without the one they are made from.</summary>
    public int Glitches { get; private set; }

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
        while (TryTakeFrame(now))
        {
        }

        _stuckSince = _waiting.Count == 0 ? TimeSpan.MaxValue : _stuckSince == TimeSpan.MaxValue ? now : _stuckSince;
    }

    public int CollectNacks(TimeSpan now, Span<ushort> lost) => _nacks.CollectDue(now, TimeSpan.FromMilliseconds(120), lost);

    /// <summary>A decoder that cannot go on asks for a keyframe, every 300 ms.</summary>
    public bool TakeKeyframeRequest(TimeSpan now)
    {
        var stuck = _stuckSince < TimeSpan.MaxValue && now - _stuckSince > TimeSpan.FromMilliseconds(500);
        if ((!stuck && !(_broken && Showing is not null)) || now < _nextRequest) return false;
        _nextRequest = now + TimeSpan.FromMilliseconds(300);
        KeyframeRequests++;
        return true;
    }

    /// <summary>Takes the next whole frame, or jumps to a whole keyframe that is waiting further on.</summary>
    private bool TryTakeFrame(TimeSpan now)
    {
        if (TryReadFrame(_nextSequence, out var frame, out var length))
        {
            Take(frame, length, now);
            return true;
        }

        foreach (var (sequence, packet) in _waiting)
        {
            if (sequence == _nextSequence || !packet.StartsKeyframe || !TryReadFrame(sequence, out frame, out length)) continue;
            _nextSequence = sequence;
            _broken = true;
            Take(frame, length, now);
            foreach (var old in _waiting.Keys.Where(key => key < _nextSequence).ToList()) _waiting.Remove(old);
            return true;
        }

        return false;
    }

    private bool TryReadFrame(long sequence, out Packet first, out int length)
    {
        length = 0;
        if (!_waiting.TryGetValue(sequence, out first) || !first.StartsFrame) return false;
        for (var at = sequence; _waiting.TryGetValue(at, out var packet) && packet.Timestamp == first.Timestamp; at++)
        {
            length++;
            if (packet.Marker) return true;
        }

        return false;
    }

    private void Take(Packet first, int length, TimeSpan now)
    {
        for (var i = 0; i < length; i++)
        {
            // Not one packet of a frame may be from anyone or anywhen else.
            var packet = _waiting[_nextSequence + i];
            Assert.Equal(first.Mark with { Index = (ushort)i }, packet.Mark);
            Assert.Equal(first.PictureId, packet.PictureId);
            _waiting.Remove(_nextSequence + i);
        }

        Assert.Equal(first.Mark.Count, length);
        Assert.True(first.Timestamp > _lastTimestamp, "a slot's timestamps only grow");
        _nextSequence += length;
        _lastTimestamp = first.Timestamp;
        _stuckSince = TimeSpan.MaxValue;
        var follows = _lastPictureId < 0 || first.PictureId == ((_lastPictureId + 1) & 0x7FFF);
        _lastPictureId = first.PictureId;
        if (!first.StartsKeyframe && (_broken || !follows))
        {
            _broken = true;
            return;
        }

        // What looks decodable by numbers is so indeed: what the picture is made from was decoded. Of the highest temporal layer a packet that
        // came late may be passed on after its layer was left out; nothing is made from its picture.
        if (first.StartsKeyframe) _references.Clear();
        var isWhole = first.StartsKeyframe || _references.Contains((first.Mark.Owner, first.Mark.IsScreen, first.Mark.Encoding, first.Mark.Reference));
        Assert.True(isWhole || first.Mark.Temporal == 2, $"{first.Mark} without what it is made from");
        if (!isWhole) Glitches++;
        _references.Add((first.Mark.Owner, first.Mark.IsScreen, first.Mark.Encoding, first.Mark.Frame));

        _broken = false;
        if (Decoded.Count > 0 && now - LastDecodedAt > LongestFreeze) LongestFreeze = now - LastDecodedAt;
        Decoded[first.Mark.Owner] = Decoded.GetValueOrDefault(first.Mark.Owner) + 1;
        Frames.Add((now, first.Mark));
        Showing = first.Mark.Owner;
        LastDecodedAt = now;
    }

    private readonly record struct Packet(
        long Timestamp, bool Marker, bool StartsFrame, bool StartsKeyframe, int PictureId, FrameMark Mark)
    {
        public static Packet Read(in RtpPacket packet, long timestamp)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor));
            var mark = FrameMark.Read(packet.Payload[(descriptor.Length + 10)..]);
            Assert.Equal(mark.IsKeyframe && mark.Index == 0, descriptor.IsKeyFrame);
            return new Packet(timestamp, packet.Marker, descriptor.StartsFrame, descriptor.IsKeyFrame, descriptor.PictureId, mark);
        }
    }
}
