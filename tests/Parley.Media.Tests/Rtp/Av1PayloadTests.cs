using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class Av1PayloadTests
{
    [Theory]
    [InlineData("18 30 00", true, true)] // W = 1, N: a frame
    [InlineData("10 30 00", false, true)]
    [InlineData("98 30 00", false, false)] // N with Z cannot be: a sequence does not begin in the middle of an OBU
    [InlineData("90 30 00", false, false)] // Z: the rest of an OBU
    [InlineData("10 20 00", false, false)] // a group of tiles
    [InlineData("00 01 10 02 30 00", false, true)] // W = 0: each element has its length
    public void The_aggregation_header_and_the_first_OBU_tell_where_a_frame_starts(string hex, bool startsKeyFrame, bool startsFrame)
    {
        Assert.True(Av1Payload.TryParse(Hex.Bytes(hex), out var av1));
        Assert.Equal((startsKeyFrame, startsFrame), (av1.StartsKeyFrame, av1.StartsFrame));
    }

    [Fact]
    public void Layers_are_in_the_extension_of_an_OBU()
    {
        Assert.True(Av1Payload.TryParse(Hex.Bytes("10 34 48 00"), out var av1));
        Assert.Equal((2, 1), (av1.TemporalId, av1.SpatialId));
        Assert.True(Av1Payload.TryParse(Hex.Bytes("20 01 10 34 48 00"), out av1));
        Assert.Equal((2, 1), (av1.TemporalId, av1.SpatialId));
    }

    [Fact]
    public void The_size_is_the_sequence_header_s()
    {
        var first = RtpCaptures.Read("av1-l1t3")[0];
        Assert.True(RtpPacket.TryParse(first, out var packet));
        Assert.True(Av1Payload.TryParse(packet.Payload, out var av1));
        Assert.Equal((640, 360), (av1.Width, av1.Height));

        // Timing, a decoder model, an initial delay, one operating point of level 8 with a tier; then 11 and 10 bits of size: 1920×1080.
        var bits = "000 0 0" + " 1" + Zeros(32) + Zeros(32) + "1 1" + " 1" + "00000" + Zeros(32) + "00000 00000" + " 1" + "00000"
            + Zeros(12) + "01000 0" + "1 0 0 0" + "1 0000" + "1010 1010" + Convert.ToString(1919, 2) + Convert.ToString(1079, 2);
        Assert.True(Av1PictureSize.TryRead(Bits(bits), out var width, out var height));
        Assert.Equal((1920, 1080), (width, height));
        Assert.False(Av1PictureSize.TryRead(Bits(bits).AsSpan()[..^2], out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("18")] // nothing behind the aggregation header
    [InlineData("00 05 30")] // an element past the end
    [InlineData("20 80 80")] // a length that does not end
    [InlineData("00 FFFFFFFFFFFFFF7F")] // a length of more than 32 bits
    public void Refuses_elements_past_the_end(string hex) => Assert.False(Av1Payload.TryParse(Hex.Bytes(hex), out _));

    private static string Zeros(int count) => new('0', count);

    private static byte[] Bits(string bits)
    {
        var digits = bits.Replace(" ", "", StringComparison.Ordinal);
        return [.. digits.PadRight((digits.Length + 7) / 8 * 8, '0').Chunk(8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
