using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class RtxPacketTests
{
    // Marker, payload type 96, sequence number 0x1234, one extension, payload ABCDEF.
    private const string Original = "90E0 1234 11223344 0000CAFE BEDE0001 10310000 ABCDEF";
    private const string Retransmission = "90E1 5678 11223344 0000BEEF BEDE0001 10310000 1234 ABCDEF";

    [Fact]
    public void A_retransmission_is_the_original_behind_its_sequence_number()
    {
        var buffer = new byte[64];
        Assert.Equal(Hex.Bytes(Retransmission), buffer[..RtxPacket.Write(Hex.Bytes(Original), 97, 0x5678, 0xBEEF, buffer)]);

        // Also where it stands.
        Hex.Bytes(Original).CopyTo(buffer, 0);
        var length = RtxPacket.Write(buffer.AsSpan(0, Hex.Bytes(Original).Length), 97, 0x5678, 0xBEEF, buffer);
        Assert.Equal(Hex.Bytes(Retransmission), buffer[..length]);
    }

    [Fact]
    public void The_original_is_restored_in_place()
    {
        Assert.True(RtxPacket.TryRestore(Hex.Bytes(Retransmission), 96, 0xCAFE, out var original));
        Assert.Equal(Hex.Bytes(Original), original.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("80E1 5678 11223344 0000BEEF")] // no payload
    [InlineData("80E1 5678 11223344 0000BEEF 12")] // half a sequence number
    [InlineData("A0E1 5678 11223344 0000BEEF 00000004")] // padding, as browsers probe with
    [InlineData("40E1 5678 11223344 0000BEEF 1234 AB")] // no RTP
    public void What_carries_no_sequence_number_restores_nothing(string hex)
    {
        var bytes = Hex.Bytes(hex);
        Assert.False(RtxPacket.TryRestore(bytes, 96, 0xCAFE, out _));
        Assert.Equal(Hex.Bytes(hex), bytes);
    }

    [Fact]
    public void A_packet_there_and_back_is_the_same() =>
        Gen.Select(Gen.UShort, Gen.UInt, Gen.Byte[0, 127], Gen.Byte.Array[0, 40], Gen.Byte[0, 9], Gen.Bool).Sample((number, ssrc, type, payload, padding, marker) =>
        {
            var buffer = new byte[128];
            var writer = new RtpWriter(buffer);
            Assert.True(writer.WriteHeader(type, marker, number, 7, ssrc));
            Assert.True(writer.WritePayload(payload));
            Assert.True(padding == 0 || writer.WritePadding(padding));
            var original = writer.Written.ToArray();
            var length = RtxPacket.Write(original, 97, 1, 2, buffer);
            Assert.Equal(original.Length + RtxPacket.Overhead, length);
            Assert.True(RtxPacket.TryRestore(buffer.AsSpan(0, length), type, ssrc, out var restored));
            return restored.SequenceEqual(original);
        });

    [Fact]
    public void A_buffer_that_is_too_short_is_our_mistake()
    {
        Assert.Throws<ArgumentException>(() => RtxPacket.Write(Hex.Bytes(Original), 97, 1, 2, new byte[Hex.Bytes(Original).Length + 1]));
        Assert.Throws<ArgumentException>(() => RtxPacket.Write([1, 2, 3], 97, 1, 2, new byte[64]));
    }
}
