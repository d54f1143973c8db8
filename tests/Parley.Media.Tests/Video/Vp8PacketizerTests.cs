using CsCheck;
using Parley.Media.Rtp;
using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

public sealed class Vp8PacketizerTests
{
    [Fact]
    public void Cuts_a_frame_into_equal_parts_with_the_start_bit_on_the_first_and_the_end_on_the_last()
    {
        var frame = FrameCutter.Frame(7, isKeyframe: true, 2500);
        var packetizer = new Vp8Packetizer(frame, 0x9234);
        Assert.Equal(3, packetizer.PacketCount);
        var payload = new byte[Vp8Packetizer.DefaultMaxPayloadLength];
        var lengths = new List<int>();
        var ends = new List<bool>();
        while (packetizer.TryNext(payload, out var length, out var isLast))
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(payload.AsSpan(0, length), out var descriptor));
            Assert.Equal(lengths.Count == 0, descriptor.StartsFrame);
            Assert.Equal(lengths.Count == 0, descriptor.IsKeyFrame);
            Assert.Equal((0x1234, true, 0), (descriptor.PictureId, descriptor.HasLongPictureId, descriptor.PartitionId));
            lengths.Add(length - descriptor.Length);
            ends.Add(isLast);
        }

        Assert.Equal([834, 833, 833], lengths);
        Assert.Equal([false, false, true], ends);
        Assert.False(packetizer.TryNext(payload, out _, out _));
    }

    [Fact]
    public void The_descriptor_is_the_one_of_RFC_7741()
    {
        // X and S; I; M and 15 bits of picture id (RFC 7741 §4.2, figure 3).
        var payload = new byte[16];
        var packetizer = new Vp8Packetizer([0x11, 2, 3], 0x7FFF);
        Assert.True(packetizer.TryNext(payload, out var length, out var isLast));
        Assert.True(isLast);
        Assert.Equal([0x90, 0x80, 0xFF, 0xFF, 0x11, 2, 3], payload[..length]);
    }

    [Fact]
    public void Parts_joined_are_the_frame_and_none_is_too_long_or_lopsided() =>
        Gen.Select(Gen.Byte.Array[1, 5000], Gen.UShort, Gen.Int[5, 1500]).Sample((frame, pictureId, most) =>
        {
            var packetizer = new Vp8Packetizer(frame, pictureId, most);
            var payload = new byte[most];
            var joined = new List<byte>();
            var lengths = new List<int>();
            while (packetizer.TryNext(payload, out var length, out _))
            {
                lengths.Add(length);
                joined.AddRange(payload[Vp8Packetizer.DescriptorLength..length]);
            }

            return lengths.Count == packetizer.PacketCount && joined.SequenceEqual(frame)
                && lengths.Max() <= most && lengths.Max() - lengths.Min() <= 1
                && lengths.Count == (frame.Length + most - 5) / (most - 4);
        });

    [Fact]
    public void Refuses_what_only_its_own_caller_can_do_wrong()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Vp8Packetizer([], 1).PacketCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Vp8Packetizer([1], 1, Vp8Packetizer.DescriptorLength).PacketCount);
        Assert.Throws<ArgumentException>(() => new Vp8Packetizer(new byte[100], 1).TryNext(new byte[50], out _, out _));
    }
}
