using System.Buffers.Binary;
using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>
/// A viewer's decoder for one slot. Knows only what a browser knows (sequence numbers, timestamps, picture ids) and
/// decodes only a frame that is whole and whose predecessor it decoded, or a keyframe; the mark in each packet then tells
/// the test whose picture it was.
/// </summary>
internal sealed class SlotView(string mid, uint ssrc)
{
    /// <summary>The first packet to arrive need not be the first that was sent.</summary>
    private const int ReorderingAtStart = 20;

    private readonly SortedDictionary<long, Packet> _waiting = [];
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

    public void Told(int? source) => _told = source;

    /// <summary>Whom the server said is shown.</summary>
    public int? ToldSource => _told;

    public void Receive(in RtpPacket packet, TimeSpan now)
    {
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        _nacks.OnPacket(sequence, now);
        if (_nextSequence < 0) _nextSequence = sequence - ReorderingAtStart;
        if (sequence < _nextSequence) return;
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
            Assert.Equal((first.Owner, first.Frame, i, first.Count), (packet.Owner, packet.Frame, packet.Index, packet.Count));
            Assert.Equal(first.PictureId, packet.PictureId);
            _waiting.Remove(_nextSequence + i);
        }

        Assert.Equal(first.Count, length);
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

        _broken = false;
        if (Decoded.Count > 0 && now - LastDecodedAt > LongestFreeze) LongestFreeze = now - LastDecodedAt;
        Decoded[first.Owner] = Decoded.GetValueOrDefault(first.Owner) + 1;
        Showing = first.Owner;
        LastDecodedAt = now;
    }

    private readonly record struct Packet(
        long Timestamp, bool Marker, bool StartsFrame, bool StartsKeyframe, int PictureId, int Owner, long Frame, int Index, int Count)
    {
        public static Packet Read(in RtpPacket packet, long timestamp)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor));
            var mark = packet.Payload[(descriptor.Length + 10)..];
            var frame = BinaryPrimitives.ReadInt64BigEndian(mark[4..]);
            var index = BinaryPrimitives.ReadUInt16BigEndian(mark[12..]);
            Assert.Equal(frame < 0 && index == 0, descriptor.IsKeyFrame);
            return new Packet(
                timestamp,
                packet.Marker,
                descriptor.StartsFrame,
                descriptor.IsKeyFrame,
                descriptor.PictureId,
                BinaryPrimitives.ReadInt32BigEndian(mark),
                Math.Abs(frame),
                index,
                BinaryPrimitives.ReadUInt16BigEndian(mark[14..]));
        }
    }
}
