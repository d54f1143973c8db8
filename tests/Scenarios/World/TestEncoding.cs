using System.Text;
using Parley.Media;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Scenarios.World;

/// <summary>
/// One SSRC of a camera. Its frames look like VP8 to a forwarder and tell a test whose they are (<see cref="FrameMark"/>): a descriptor
/// with picture id and temporal layer, sizes about those of an encoder at this rate, keyframes on demand, like a browser's.
/// </summary>
internal sealed class TestEncoding
{
    private const int MaxPayload = 1_100;

    /// <summary>A keyframe is so many times an average frame.</summary>
    private const int KeyframeScale = 6;

    /// <summary>A packet that is asked for again is sent at most this often: browsers do so as well, by the round trip.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Pattern and shares of libvpx with three temporal layers.</summary>
    private static readonly byte[] Pattern = [0, 2, 1, 2];
    private static readonly double[] Shares = [0.4, 0.2, 0.4];

    private readonly Dictionary<ushort, Kept> _sent = [];
    private readonly byte[] _buffer = new byte[1_500];
    private readonly TestCamera _camera;
    private readonly EncodingShape _shape;
    private readonly byte _number;
    private readonly SrtpOutboundStream _media;
    private readonly SrtpOutboundStream _repairs;
    private readonly Random _sizes;
    private readonly long[] _last = new long[3];
    private readonly uint _firstTimestamp;
    private long _sequence;
    private long _repair;
    private long _frame;
    private int _phase;
    private byte _tl0;
    private bool _keyframe = true;

    public TestEncoding(TestCamera camera, EncodingShape shape, int number, SrtpSessionKeys keys, RandomSource random)
    {
        (_camera, _shape, _number) = (camera, shape, (byte)number);
        (Ssrc, RepairSsrc, _firstTimestamp) = (random.NextUInt32(), random.NextUInt32(), random.NextUInt32());
        (_sequence, _repair) = (random.NextUInt32() & 0x7FFF, random.NextUInt32() & 0x7FFF);
        _sizes = new Random((int)(random.NextUInt32() & 0x7FFF_FFFF));
        (_media, _repairs) = (new SrtpOutboundStream(keys), new SrtpOutboundStream(keys));
    }

    public uint Ssrc { get; }

    public uint RepairSsrc { get; }

    /// <summary>Keyframes made; the first needs no asking.</summary>
    public int Keyframes { get; private set; }

    /// <summary>How often it was asked for one.</summary>
    public int KeyframeRequests { get; private set; }

    public uint PacketCount { get; private set; }

    public void OnKeyframeRequested()
    {
        KeyframeRequests++;
        _keyframe = true;
    }

    public uint TimestampAt(TimeSpan now) => _firstTimestamp + (uint)(now.Ticks * 90_000 / TimeSpan.TicksPerSecond);

    /// <summary>The next picture; nothing while it rests, and a keyframe when it begins again.</summary>
    public void Film(bool on, TimeSpan now)
    {
        _frame++;
        if (!on)
        {
            _keyframe = true;
            return;
        }

        if (_keyframe)
        {
            _phase = 0;
            Keyframes++;
        }

        var temporal = _shape.Temporals == 1 ? (byte)0 : Pattern[_phase++ % Pattern.Length];
        var needed = temporal == 2 && _phase % Pattern.Length == 0 ? _last[1] : _last[0];
        var mark = new FrameMark(_camera.Owner, _camera.IsScreen, _number, _frame, _keyframe ? _frame : needed, temporal, 0, 0);
        if (temporal == 0) _tl0++;
        if (temporal < 2) _last[temporal] = _frame;
        Send(mark, SizeOf(temporal), now);
        _keyframe = false;
    }

    public void SendAgain(ushort sequence, TimeSpan now)
    {
        if (!_sent.TryGetValue(sequence, out var kept) || now - kept.At < RepeatInterval) return;
        _sent[sequence] = kept with { At = now };
        if (!_camera.Repairs)
        {
            kept.Packet.CopyTo(_buffer, 0);
            _camera.Send(_buffer.AsSpan(0, _media.Protect(_buffer, kept.Packet.Length, kept.Sequence)));
            return;
        }

        Assert.True(RtpPacket.TryParse(kept.Packet, out var packet));
        _repair++;
        var writer = new RtpWriter(_buffer);
        writer.WriteHeader(RtpIds.Rtx, packet.Marker, (ushort)_repair, packet.Timestamp, RepairSsrc);
        writer.BeginExtensions();
        writer.AddExtension(RtpIds.Mid, Encoding.ASCII.GetBytes(_camera.Mid));
        if (_shape.Rid is { } rid) writer.AddExtension(RtpIds.RepairedRid, Encoding.ASCII.GetBytes(rid));
        writer.EndExtensions();
        writer.WritePayload([(byte)(sequence >> 8), (byte)sequence]);
        writer.WritePayload(packet.Payload);
        _camera.Send(_buffer.AsSpan(0, _repairs.Protect(_buffer, writer.Length, _repair)));
    }

    private int SizeOf(byte temporal)
    {
        var average = _shape.BitsPerSecond / 8.0 * _camera.FrameInterval.TotalSeconds;
        if (_keyframe) return (int)(average * KeyframeScale);
        var share = _shape.Temporals == 1 ? 1 : Shares[temporal] * (temporal == 2 ? 2 : 4);

        // Pictures differ: by a fifth either way.
        return (int)(average * share * (0.8 + 0.4 * _sizes.NextDouble()));
    }

    private void Send(FrameMark mark, int bytes, TimeSpan now)
    {
        var count = (bytes + MaxPayload - 1) / MaxPayload;
        for (var i = 0; i < count; i++)
        {
            _sequence++;
            PacketCount++;
            var writer = new RtpWriter(_buffer);
            writer.WriteHeader(RtpIds.Vp8, i == count - 1, (ushort)_sequence, TimestampAt(now), Ssrc);
            if (_shape.Rid is { } rid)
            {
                writer.BeginExtensions();
                writer.AddExtension(RtpIds.Mid, Encoding.ASCII.GetBytes(_camera.Mid));
                writer.AddExtension(RtpIds.Rid, Encoding.ASCII.GetBytes(rid));
                writer.EndExtensions();
            }

            writer.WritePayload(Payload(mark with { Index = (ushort)i, Count = (ushort)count }, bytes / count));
            _sent[(ushort)_sequence] = new Kept(_buffer.AsSpan(0, writer.Length).ToArray(), _sequence, TimeSpan.MinValue / 2);
            _sent.Remove((ushort)(_sequence - 1_000));
            _camera.Send(_buffer.AsSpan(0, _media.Protect(_buffer, writer.Length, _sequence)));
        }
    }

    private byte[] Payload(FrameMark mark, int bytes)
    {
        var descriptor = new Vp8PayloadDescriptor
        {
            IsExtended = true,
            StartsPartition = mark.Index == 0,
            NonReference = mark.Temporal == 2,
            HasPictureId = true,
            HasLongPictureId = true,
            PictureId = (ushort)(_frame & 0x7FFF),
            HasTl0PicIdx = true,
            Tl0PicIdx = _tl0,
            HasTid = _shape.Temporals > 1,
            Tid = mark.Temporal,
            LayerSync = mark.Temporal > 0 && mark.Reference == _last[0],
        };
        var payload = new byte[Math.Max(bytes, Vp8PayloadDescriptor.MaxLength + 10 + FrameMark.Length)];
        var at = descriptor.Write(payload);

        // The VP8 payload header: bit 0 is the inverse key frame flag (RFC 7741 §4.3), then the start code and the size (RFC 6386 §9.1).
        if (mark.Index == 0 && mark.IsKeyframe)
        {
            ReadOnlySpan<byte> header =
            [
                0x10, 0, 0, 0x9D, 0x01, 0x2A, (byte)_shape.Width, (byte)(_shape.Width >> 8), (byte)_shape.Height, (byte)(_shape.Height >> 8),
            ];
            header.CopyTo(payload.AsSpan(at));
        }
        else if (mark.Index == 0)
        {
            payload[at] = 0x11;
        }

        mark.Write(payload.AsSpan(at + 10));
        return payload;
    }

    private readonly record struct Kept(byte[] Packet, long Sequence, TimeSpan At);
}
