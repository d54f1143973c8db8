using System.Buffers.Binary;
using Parley.Media.Rtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// Makes one continuous RTP stream out of runs of several sources: sequence numbers without a hole at a switch,
/// timestamps that go on by the time that passed, VP8 picture ids and TL0PICIDX that count on (RFC 7741 §4.2). Within a
/// run every field is source + constant, so a packet can be rewritten again at any time, byte for byte, to answer a NACK.
/// </summary>
internal sealed class StreamRewriter
{
    /// <summary>The clock rate of every video payload (RFC 7741 §6.1).</summary>
    public const int ClockRate = 90_000;

    /// <summary>The fixed RTP header without extensions (RFC 3550 §5.1).</summary>
    public const int HeaderLength = 12;

    private const int RunsKept = 8;

    /// <summary>The longest step of time at a switch: half the clock's range, 6.6 h, would look like a step back.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromHours(1);

    private readonly Run[] _runs = new Run[RunsKept];
    private readonly uint _ssrc;
    private long _highest;
    private uint _lastTimestamp;
    private TimeSpan _lastAt;
    private ushort _lastPictureId;
    private byte _lastTl0PicIdx;
    private int _current = -1;

    /// <param name="ssrc">The SSRC of the stream made.</param>
    /// <param name="random">Where the first sequence number, timestamp and picture id come from (RFC 3550 §5.1).</param>
    public StreamRewriter(uint ssrc, RandomSource random)
    {
        _ssrc = ssrc;

        // The upper half stays free, so the first packets cannot wrap before the receiver has seen one (RFC 3711 §3.3.1).
        _highest = random.NextUInt32() & 0x7FFF;
        _lastTimestamp = random.NextUInt32();
        _lastPictureId = (ushort)(random.NextUInt32() & 0x7FFF);
    }

    /// <summary>The extended sequence number of the newest packet made.</summary>
    public long HighestSequence => _highest;

    /// <summary>The number that the newest packet made has in its source; the current run's.</summary>
    public long HighestSourceSequence => _runs[_current].FirstSource + (_highest - _runs[_current].First);

    /// <summary>Whether a run has begun.</summary>
    public bool HasRun => _current >= 0;

    /// <summary>The RTP timestamp that belongs to <paramref name="now"/>, for sender reports.</summary>
    public uint TimestampAt(TimeSpan now) => _lastTimestamp + ToClock(now - _lastAt);

    /// <summary>Begins a run with the first packet of a keyframe of a source.</summary>
    public void Begin(VideoSource source, long sourceSequence, uint sourceTimestamp, in Vp8PayloadDescriptor descriptor, TimeSpan now)
    {
        // At least one tick of a 30 fps camera, so that the new keyframe is never taken for a part of the last frame.
        var passed = now - _lastAt < LongestStep ? now - _lastAt : LongestStep;
        var elapsed = HasRun ? Math.Max(ToClock(passed), ClockRate / 30) : 0;
        var timestamp = _lastTimestamp + elapsed;
        var first = _highest + 1;
        _current = (_current + 1) % RunsKept;
        _runs[_current] = new Run(
            source,
            first,
            FirstSource: sourceSequence,
            TimestampOffset: timestamp - sourceTimestamp,
            PictureIdOffset: (ushort)(_lastPictureId + 1 - descriptor.PictureId),
            Tl0PicIdxOffset: (byte)(_lastTl0PicIdx + 1 - descriptor.Tl0PicIdx));
        _lastTimestamp = timestamp;
        _lastAt = now;
    }

    /// <summary>
    /// Writes the rewritten packet of the current run: a header without extensions, then the payload with its picture
    /// id moved. Returns the length, or 0 when the packet is from before the run or does not fit.
    /// </summary>
    public int Write(long sourceSequence, in RtpPacket packet, byte payloadType, TimeSpan now, Span<byte> destination, out long sequence)
    {
        ref readonly var run = ref _runs[_current];
        sequence = run.First + (sourceSequence - run.FirstSource);
        if (sequence < run.First) return 0;
        var length = Write(in run, sequence, in packet, payloadType, destination);
        if (length == 0 || sequence <= _highest) return length;

        _highest = sequence;
        _lastTimestamp = packet.Timestamp + run.TimestampOffset;
        _lastAt = now;
        if (Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor))
        {
            _lastPictureId = (ushort)((descriptor.PictureId + run.PictureIdOffset) & 0x7FFF);
            _lastTl0PicIdx = (byte)(descriptor.Tl0PicIdx + run.Tl0PicIdxOffset);
        }

        return length;
    }

    /// <summary>Writes a packet made before once more, from its source's cache. Returns 0 when it is no longer there.</summary>
    public int WriteAgain(ushort sequence16, byte payloadType, TimeSpan now, Span<byte> destination, out long sequence)
    {
        sequence = _highest + (short)(sequence16 - (ushort)_highest);
        for (int i = 0, at = _current; i < RunsKept && at >= 0; i++, at = (at + RunsKept - 1) % RunsKept)
        {
            ref readonly var run = ref _runs[at];
            if (sequence < run.First) continue;
            if (run.Source is null) return 0;
            return sequence <= _highest
                && run.Source.Cache.TryGet(run.FirstSource + (sequence - run.First), now, out var stored)
                && RtpPacket.TryParse(stored, out var packet)
                    ? Write(in run, sequence, in packet, payloadType, destination)
                    : 0;
        }

        return 0;
    }

    /// <summary>Lets go of a source that is no longer there; its packets can no longer be asked for again.</summary>
    public void Forget(VideoSource source)
    {
        for (var i = 0; i < RunsKept; i++)
        {
            if (ReferenceEquals(_runs[i].Source, source)) _runs[i] = _runs[i] with { Source = null };
        }
    }

    private int Write(in Run run, long sequence, in RtpPacket packet, byte payloadType, Span<byte> destination)
    {
        var payload = packet.Payload;
        var length = HeaderLength + payload.Length;
        if (length > destination.Length) return 0;
        destination[0] = 0x80;
        destination[1] = (byte)(payloadType | (packet.Marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], packet.Timestamp + run.TimestampOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], _ssrc);
        payload.CopyTo(destination[HeaderLength..]);
        if (Vp8PayloadDescriptor.TryParse(payload, out var descriptor))
        {
            Vp8PayloadDescriptor.Rewrite(
                destination.Slice(HeaderLength, payload.Length),
                in descriptor,
                (ushort)((descriptor.PictureId + run.PictureIdOffset) & 0x7FFF),
                (byte)(descriptor.Tl0PicIdx + run.Tl0PicIdxOffset));
        }

        return length;
    }

    private static uint ToClock(TimeSpan elapsed) => (uint)(elapsed.Ticks * ClockRate / TimeSpan.TicksPerSecond);

    /// <summary>One run of one source: what is added to each field.</summary>
    private readonly record struct Run(
        VideoSource? Source,
        long First,
        long FirstSource,
        uint TimestampOffset,
        ushort PictureIdOffset,
        byte Tl0PicIdxOffset);
}
