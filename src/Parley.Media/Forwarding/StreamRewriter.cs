using System.Buffers.Binary;
using Parley.Media.Rtp;

namespace Parley.Media.Forwarding;

/// <summary>
/// Makes one continuous RTP stream out of runs of several encodings: sequence numbers without a hole where an encoding follows another
/// or temporal layers are left out, timestamps that go on by the time that passed, picture ids and TL0PICIDX that count on (RFC 7741
/// §4.2, RFC 9628 §4.2). First a packet gets its number (<see cref="TryTake"/>); its bytes are written from the encoding's cache
/// (<see cref="Write"/>), at once, later, or once more.
/// </summary>
internal sealed class StreamRewriter
{
    /// <summary>The clock rate of every video payload (RFC 7741 §6.1).</summary>
    public const int ClockRate = 90_000;

    /// <summary>The fixed RTP header without extensions (RFC 3550 §5.1).</summary>
    public const int HeaderLength = 12;

    /// <summary>One header extension of two bytes, with the block's header (RFC 8285 §4).</summary>
    public const int ExtensionLength = 8;

    /// <summary>How many numbers are remembered; a power of two. At 2 Mb/s that is a second.</summary>
    internal const int History = 256;

    private const int RunsKept = 8;

    /// <summary>How many of the newest packets serve as padding: they are in every cache.</summary>
    private const int PaddingHistory = 16;

    /// <summary>The longest step of time at a switch: half the clock's range, 6.6 h, would look like a step back.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromHours(1);

    private readonly Run[] _runs = new Run[RunsKept];
    private readonly uint _ssrc;
    private SentPacket[]? _sent;
    private long _highest;
    private long _highestSource;
    private uint _lastTimestamp;
    private uint _lastSourceTimestamp;
    private TimeSpan _lastAt;
    private ushort _lastPictureId;
    private byte _lastTl0PicIdx;
    private ushort _pictureIdOffset;
    private bool _lastWasLeftOut;
    private uint _paddings;
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

    /// <summary>The extended sequence number of the newest packet.</summary>
    public long HighestSequence => _highest;

    /// <summary>The number that the newest packet has in its encoding; the current run's.</summary>
    public long HighestSourceSequence => _highestSource;

    /// <summary>The number of the current run's first packet, of a keyframe.</summary>
    public long FirstOfRun => _runs[_current].First;

    /// <summary>Whether a run has begun.</summary>
    public bool HasRun => _current >= 0;

    /// <summary>The RTP timestamp that belongs to <paramref name="now"/>, for sender reports.</summary>
    public uint TimestampAt(TimeSpan now)
    {
        var passed = _lastTimestamp + ToClock(now - _lastAt);
        if (!HasRun || _runs[_current] is not { Encoding: { } encoding } run || encoding.TimestampAt(now) is not { } source) return passed;
        var told = source + run.TimestampOffset;

        // What a sender says of its clock is theirs to say, up to a point.
        return (int)(told - passed) is > -ClockRate and < ClockRate ? told : passed;
    }

    /// <summary>Asks for the memory that the next packets will need; see <see cref="Slot.Prefetch"/>.</summary>
    public void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Prefetch(_runs, 1);
            CacheLines.Prefetch(_sent, 1);
        }
        else if (step == 1 && _sent is { } sent && _current >= 0)
        {
            CacheLines.Prefetch(in _runs[_current]);
            CacheLines.Prefetch(in sent[(_highest + 1) & (History - 1)]);
            CacheLines.Prefetch(in sent[(_highest + 4) & (History - 1)]);
        }
    }

    /// <summary>Begins a run with the first packet of a keyframe of an encoding.</summary>
    public void Begin(VideoEncoding encoding, in PendingPacket first, TimeSpan now)
    {
        var timestamp = _lastTimestamp + StepTo(encoding, first.Timestamp, now);
        _current = (_current + 1) % RunsKept;

        // What is left of the run that had this place could now only be written as another packet (RFC 3711 §9.1).
        foreach (ref var entry in _sent.AsSpan())
        {
            if (entry.Run == _current) entry.State = SentPacketState.None;
        }

        _runs[_current] = new Run(
            encoding,
            First: _highest + 1,
            FirstSource: first.Index,
            TimestampOffset: timestamp - first.Timestamp,
            Tl0PicIdxOffset: (byte)(_lastTl0PicIdx + 1 - first.Info.Tl0PicIdx));
        _pictureIdOffset = (ushort)(_lastPictureId + 1 - first.Info.PictureId);
        _highestSource = first.Index - 1;
        _lastTimestamp = timestamp;
        _lastSourceTimestamp = first.Timestamp;
        _lastAt = now;
        _lastWasLeftOut = false;
        _sent ??= new SentPacket[History];
    }

    /// <summary>
    /// Gives a packet of the current run its number; one above <paramref name="highestTemporal"/>, or of padding alone, is left out, and
    /// those behind move up. False when it has none: left out, from before the run, or come before.
    /// </summary>
    /// <param name="packet">Any of the current run.</param>
    /// <param name="highestTemporal">The highest temporal layer that goes out: the same for all of a picture, and for a hole before it.</param>
    /// <param name="now">The present.</param>
    /// <param name="sequence">Its extended sequence number.</param>
    public bool TryTake(in PendingPacket packet, byte highestTemporal, TimeSpan now, out long sequence)
    {
        if (packet.Index <= _highestSource) return TryTakeLate(in packet, out sequence);

        // A hole within a picture that is left out is part of it; any other may still be filled.
        ref readonly var run = ref _runs[_current];
        var leaveOut = packet.Info.TemporalId > highestTemporal || packet.PayloadLength == 0;
        var newPicture = packet.Timestamp != _lastSourceTimestamp || packet.Index == run.FirstSource;
        if (!(leaveOut && _lastWasLeftOut && !newPicture)) KeepNumbers(packet.Index, highestTemporal);

        // VP8's picture ids count on, for its decoders wait for those that are missing (RFC 7741 §4.2). VP9's pictures name each other by
        // the distance of theirs, so there every one stays (RFC 9628 §4.2).
        if (leaveOut && newPicture && packet.Info.HasPictureId && run.Encoding!.Format.Codec == VideoCodec.Vp8) _pictureIdOffset--;
        (_highestSource, _lastSourceTimestamp, _lastWasLeftOut) = (packet.Index, packet.Timestamp, leaveOut);
        (_lastTimestamp, _lastAt) = (packet.Timestamp + run.TimestampOffset, now);
        sequence = _highest;
        if (leaveOut) return false;

        sequence = ++_highest;
        At(sequence) = new SentPacket(packet.Index, _pictureIdOffset, 0, (byte)_current, packet.Padding, highestTemporal, SentPacketState.Waiting);
        if (packet.Info.HasPictureId)
        {
            _lastPictureId = (ushort)((packet.Info.PictureId + _pictureIdOffset) & 0x7FFF);
            _lastTl0PicIdx = (byte)(packet.Info.Tl0PicIdx + run.Tl0PicIdxOffset);
        }

        return true;
    }

    /// <summary>The number that 16 bits in a NACK name, as nearest to the newest; false when nothing was sent under it, or not lately.</summary>
    public bool TryFindSent(ushort sequence16, out long sequence)
    {
        sequence = _highest + (short)(sequence16 - (ushort)_highest);
        return _sent is not null && sequence <= _highest && sequence > _highest - History && At(sequence).State == SentPacketState.Sent;
    }

    /// <summary>One of the newest packets that were sent, each in its turn, to be sent again for nothing but its length; false when there is none.</summary>
    public bool TryFindPadding(out long sequence)
    {
        sequence = _highest - (_paddings++ % PaddingHistory);
        return HasRun && sequence >= 0 && At(sequence).State == SentPacketState.Sent;
    }

    /// <summary>Bytes of the packet's payload and padding; 0 when it is gone from the cache.</summary>
    public int LengthOf(long sequence, TimeSpan now)
    {
        ref readonly var entry = ref At(sequence);
        return sequence > _highest - History && TryRead(in entry, now, out var packet) ? packet.Payload.Length + entry.Padding : 0;
    }

    /// <summary>
    /// Writes a packet that has its number: header, perhaps the transport-wide number, the payload with its picture id moved, padding.
    /// Returns its length; 0 when it is no longer there or does not fit. What is written again under its own number is the same, byte
    /// for byte (RFC 3711 §9.1).
    /// </summary>
    /// <param name="sequence">From <see cref="TryTake"/> or <see cref="TryFindSent"/>.</param>
    /// <param name="payloadType">The viewer's, for the encoding's codec.</param>
    /// <param name="transportId">The id of the transport-wide number's extension; 0 for none.</param>
    /// <param name="transportSequence">That number, for a packet sent the first time.</param>
    /// <param name="now">The present.</param>
    /// <param name="destination">Where to.</param>
    public int Write(long sequence, byte payloadType, byte transportId, ushort transportSequence, TimeSpan now, Span<byte> destination)
    {
        ref var entry = ref At(sequence);
        if (sequence <= _highest - History || !TryRead(in entry, now, out var packet)) return 0;
        ref readonly var run = ref _runs[entry.Run];
        if (entry.State != SentPacketState.Sent) (entry.State, entry.TransportSequence) = (SentPacketState.Sent, transportSequence);
        var header = WriteHeader(in run, in packet, (ushort)sequence, _ssrc, payloadType, transportId, entry.TransportSequence, destination);
        var length = header + packet.Payload.Length + entry.Padding;
        if (header == 0 || length > destination.Length) return 0;
        WritePayload(in run, in entry, in packet, destination[header..]);
        if (entry.Padding == 0) return length;

        // RFC 3550 §5.1: the last byte counts the padding, itself included.
        destination[0] |= 0x20;
        destination.Slice(length - entry.Padding, entry.Padding).Clear();
        destination[length - 1] = entry.Padding;
        return length;
    }

    /// <summary>Writes a packet that was sent as a retransmission of another stream (RFC 4588 §4): its own number, then the payload.</summary>
    /// <param name="sequence">From <see cref="TryFindSent"/>.</param>
    /// <param name="rtx">Number, SSRC and payload type of the other stream's packet.</param>
    /// <param name="transportId">As in <see cref="Write"/>.</param>
    /// <param name="transportSequence">As in <see cref="Write"/>.</param>
    /// <param name="now">The present.</param>
    /// <param name="destination">Where to.</param>
    public int WriteRetransmission(
        long sequence, (ushort Sequence, uint Ssrc, byte PayloadType) rtx, byte transportId, ushort transportSequence, TimeSpan now, Span<byte> destination)
    {
        ref readonly var entry = ref At(sequence);
        if (sequence <= _highest - History || !TryRead(in entry, now, out var packet)) return 0;
        ref readonly var run = ref _runs[entry.Run];
        var header = WriteHeader(in run, in packet, rtx.Sequence, rtx.Ssrc, rtx.PayloadType, transportId, transportSequence, destination);
        var length = header + RtxPacket.Overhead + packet.Payload.Length;
        if (header == 0 || length > destination.Length) return 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[header..], (ushort)sequence);
        WritePayload(in run, in entry, in packet, destination[(header + RtxPacket.Overhead)..]);
        return length;
    }

    /// <summary>
    /// Writes a packet of nothing but padding under the next number of the stream (RFC 3550 §5.1), for a viewer who takes no retransmissions
    /// apart. Returns its length.
    /// </summary>
    public int WritePadding(byte payloadType, byte transportId, ushort transportSequence, Span<byte> destination, out long sequence)
    {
        _sent ??= new SentPacket[History];
        sequence = ++_highest;
        At(sequence) = default;
        return PaddingPacket.Write(destination, (ushort)sequence, _lastTimestamp, _ssrc, payloadType, transportId, transportSequence);
    }

    /// <summary>The codec of a packet that has its number.</summary>
    public VideoCodec? CodecOf(long sequence) => _runs[At(sequence).Run].Encoding?.Format.Codec;

    /// <summary>Lets go of an encoding that is no longer there; its packets can no longer be asked for again.</summary>
    public void Forget(VideoEncoding encoding)
    {
        for (var i = 0; i < RunsKept; i++)
        {
            if (ReferenceEquals(_runs[i].Encoding, encoding)) _runs[i] = _runs[i] with { Encoding = null };
        }
    }

    private ref SentPacket At(long sequence) => ref _sent![sequence & (History - 1)];

    private bool TryTakeLate(in PendingPacket packet, out long sequence)
    {
        // Numbers left out make the distance shorter, never longer: the packet's own is the estimate or one behind it.
        ref readonly var run = ref _runs[_current];
        var first = Math.Max(run.First, _highest - History + 1);
        for (sequence = Math.Max(first, _highest - (_highestSource - packet.Index)); sequence <= _highest; sequence++)
        {
            ref var entry = ref At(sequence);
            if (entry.SourceIndex != packet.Index || entry.Run != _current) continue;
            if (entry.State != SentPacketState.Missing || packet.Info.TemporalId > entry.HighestTemporal || packet.PayloadLength == 0) return false;
            (entry.State, entry.Padding) = (SentPacketState.Waiting, packet.Padding);
            return true;
        }

        return false;
    }

    private void KeepNumbers(long upTo, byte highestTemporal)
    {
        for (var missing = _highestSource + 1; missing < upTo; missing++)
            At(++_highest) = new SentPacket(missing, _pictureIdOffset, 0, (byte)_current, 0, highestTemporal, SentPacketState.Missing);
    }

    private uint StepTo(VideoEncoding encoding, uint timestamp, TimeSpan now)
    {
        if (!HasRun) return 0;

        // Reports tell when each picture was taken, so a switch between encodings of one camera does not stutter; and which tick of the mix
        // it belongs to, so the stream's times stay those of the mix whoever is shown.
        if (_runs[_current].Encoding is { } before && before.TimestampAt(now) is { } beforeNow && encoding.TimestampAt(now) is { } encodingNow
            && (long)(int)(timestamp - encodingNow) - (int)(_lastSourceTimestamp - beforeNow) is > -ClockRate and < 10 * ClockRate and var step)
        {
            // The picture sent last may be of the same moment, or later: a millisecond on is enough to be another.
            return (uint)Math.Max(step, ClockRate / 1_000);
        }

        // At least one tick of a 30 fps camera, so that the new keyframe is never taken for a part of the last frame.
        var passed = now - _lastAt < LongestStep ? now - _lastAt : LongestStep;
        return Math.Max(ToClock(passed), ClockRate / 30);
    }

    private bool TryRead(in SentPacket entry, TimeSpan now, out RtpPacket packet)
    {
        packet = default;
        return entry.State is SentPacketState.Waiting or SentPacketState.Sent
            && _runs[entry.Run].Encoding is { } encoding
            && encoding.Cache.TryGet(entry.SourceIndex, now, out var stored)
            && RtpPacket.TryParse(stored, out packet);
    }

    private static int WriteHeader(
        in Run run, in RtpPacket packet, ushort sequence, uint ssrc, byte payloadType, byte transportId, ushort transportSequence, Span<byte> destination)
    {
        var length = HeaderLength + (transportId == 0 ? 0 : ExtensionLength);
        if (destination.Length < length) return 0;
        destination[0] = (byte)(transportId == 0 ? 0x80 : 0x90);
        destination[1] = (byte)(payloadType | (packet.Marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], packet.Timestamp + run.TimestampOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
        if (transportId != 0) TransportExtension.Write(destination[HeaderLength..], transportId, transportSequence);
        return length;
    }

    private static void WritePayload(in Run run, in SentPacket entry, in RtpPacket packet, Span<byte> destination)
    {
        var payload = packet.Payload;
        payload.CopyTo(destination);
        VideoPacketReader.Renumber(run.Encoding!.Format.Codec, destination[..payload.Length], entry.PictureIdOffset, run.Tl0PicIdxOffset);
    }

    private static uint ToClock(TimeSpan elapsed) => (uint)(elapsed.Ticks * ClockRate / TimeSpan.TicksPerSecond);

    /// <summary>One run of one encoding: what is added to each field.</summary>
    private readonly record struct Run(
        VideoEncoding? Encoding,
        long First,
        long FirstSource,
        uint TimestampOffset,
        byte Tl0PicIdxOffset);
}
