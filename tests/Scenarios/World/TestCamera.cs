using System.Buffers.Binary;
using Parley.Media.Rtp;

namespace Parley.Scenarios.World;

/// <summary>
/// A camera whose frames look like VP8 to a forwarder and tell a test whose they are: a descriptor with a 15-bit picture id, then
/// owner, frame number, and which packet of how many this is. Keyframes on demand, like a browser's.
/// </summary>
internal sealed class TestCamera(int owner, byte payloadType, uint ssrc)
{
    public static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(66);

    /// <summary>The bytes after the VP8 payload header that carry the mark.</summary>
    public const int MarkLength = 4 + 8 + 2 + 2;

    private const int PacketsOfKeyframe = 6;
    private const int PacketsOfFrame = 2;
    private const int PaddingOfPacket = 300;

    private readonly Dictionary<ushort, (byte[] Packet, long Sequence)> _sent = [];
    private readonly byte[] _buffer = new byte[1_200];
    private long _sequence = 20_000 + owner * 5_000;
    private long _frame;
    private bool _keyframe = true;

    public delegate void PacketSender(ReadOnlySpan<byte> packet, long sequence);

    public uint Ssrc => ssrc;

    public void WantKeyframe() => _keyframe = true;

    public void Film(bool on, PacketSender send)
    {
        _frame++;
        if (!on) return;
        var packets = _keyframe ? PacketsOfKeyframe : PacketsOfFrame;
        for (var i = 0; i < packets; i++)
        {
            _sequence++;
            var writer = new RtpWriter(_buffer);
            writer.WriteHeader(payloadType, i == packets - 1, (ushort)_sequence, (uint)(_frame * 5_940 + owner * 77_777), ssrc);
            writer.WritePayload(Payload(i, packets));
            var packet = _buffer.AsSpan(0, writer.Length).ToArray();
            _sent[(ushort)_sequence] = (packet, _sequence);
            _sent.Remove((ushort)(_sequence - 1_000));
            send(packet, _sequence);
        }

        _keyframe = false;
    }

    public void SendAgain(ushort sequence, PacketSender send)
    {
        if (_sent.TryGetValue(sequence, out var kept)) send(kept.Packet, kept.Sequence);
    }

    private byte[] Payload(int index, int count)
    {
        var descriptor = new Vp8PayloadDescriptor
        {
            IsExtended = true,
            StartsPartition = index == 0,
            HasPictureId = true,
            HasLongPictureId = true,
            PictureId = (ushort)(_frame & 0x7FFF),
            HasTl0PicIdx = true,
            Tl0PicIdx = (byte)_frame,
        };
        var payload = new byte[Vp8PayloadDescriptor.MaxLength + 10 + MarkLength + PaddingOfPacket];
        var at = descriptor.Write(payload);

        // The VP8 payload header: bit 0 is the inverse key frame flag (RFC 7741 §4.3), then the start code and 320 × 180.
        if (index == 0)
        {
            if (_keyframe) ((ReadOnlySpan<byte>)[0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xB4, 0x00]).CopyTo(payload.AsSpan(at));
            else payload[at] = 0x11;
        }

        at += 10;
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(at), owner);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(at + 4), _keyframe ? -_frame : _frame);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(at + 12), (ushort)index);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(at + 14), (ushort)count);
        return payload[..(at + MarkLength + PaddingOfPacket)];
    }
}
