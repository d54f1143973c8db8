using System.Buffers.Binary;
using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

/// <summary>One packet as a receiver's buffer takes it.</summary>
internal sealed record Packet(long Sequence, long Timestamp, bool Marker, byte[] Payload);

/// <summary>Makes frames that look like VP8 to a receiver's buffer, and cuts them into packets with running numbers.</summary>
internal sealed class FrameCutter(long firstSequence = 1000, int maxPayloadLength = 104)
{
    private long _timestamp;

    public long NextSequence { get; set; } = firstSequence;

    /// <summary>A frame whose bytes differ from those of any other number.</summary>
    public static byte[] Frame(int number, bool isKeyframe, int length)
    {
        var frame = new byte[Math.Max(length, 5)];
        for (var i = 5; i < frame.Length; i++) frame[i] = (byte)(number + i);
        frame[0] = (byte)(isKeyframe ? 0x10 : 0x11);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), number);
        return frame;
    }

    public List<Packet> Cut(byte[] frame)
    {
        var packets = new List<Packet>();
        var packetizer = new Vp8Packetizer(frame, (ushort)_timestamp, maxPayloadLength);
        var payload = new byte[maxPayloadLength];
        while (packetizer.TryNext(payload, out var length, out var isLast))
        {
            packets.Add(new Packet(NextSequence++, _timestamp, isLast, payload[..length]));
        }

        _timestamp += 3000;
        return packets;
    }

    public List<Packet> Cut(int number, bool isKeyframe, int packets) =>
        Cut(Frame(number, isKeyframe, packets * (maxPayloadLength - Vp8Packetizer.DescriptorLength)));

    public Packet Padding() => new(NextSequence++, _timestamp, false, []);
}
