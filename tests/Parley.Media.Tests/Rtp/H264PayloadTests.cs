using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class H264PayloadTests
{
    // As x264 writes them, High profile: 1920×1080 has its last eight lines cropped off; both hold emulation prevention bytes.
    private const string Set1080 = "640028ACD940780227E5C044000003000400000300F03C60C658";
    private const string Set720 = "64001FACD9405005BB011000000300100000030320F1831960";

    [Theory]
    [InlineData("67" + Set1080, 1920, 1080)]
    [InlineData("67" + Set720, 1280, 720)]
    [InlineData("67 42C01F8C8D405017FCB35060606078442350", 640, 360)] // OpenH264's
    [InlineData("78 0019 67" + "42C01F8C8D405017FCB35060606078442350000000000000 0004 68CE3C80 0003 658880", 640, 360)] // STAP-A: SPS, PPS, IDR
    [InlineData("67 42", 0, 0)] // cut short: a keyframe of no known size
    public void A_parameter_set_starts_a_keyframe(string hex, int width, int height)
    {
        Assert.True(H264Payload.TryParse(Hex.Bytes(hex), out var h264));
        Assert.True(h264.StartsKeyFrame && h264.StartsFrame);
        Assert.Equal((width, height), (h264.Width, h264.Height));
    }

    [Theory]
    [InlineData("61 E0004000", true)] // a slice of the first macroblock
    [InlineData("61 40004000", false)] // a later slice
    [InlineData("65 B8000400", false)] // IDR: its parameter sets came before
    [InlineData("68 CE3C80", false)] // picture parameter set
    [InlineData("09 F0", true)] // access unit delimiter
    [InlineData("7C 81 E000", true)] // FU-A, S, of a slice
    [InlineData("7C 01 E000", false)] // FU-A in the middle
    [InlineData("7C 41 E000", false)] // FU-A, E
    [InlineData("61", false)] // nothing behind the header
    public void Other_units_start_no_keyframe(string hex, bool startsFrame)
    {
        Assert.True(H264Payload.TryParse(Hex.Bytes(hex), out var h264));
        Assert.False(h264.StartsKeyFrame);
        Assert.Equal(startsFrame, h264.StartsFrame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("60")] // type 0
    [InlineData("79 0001 65")] // STAP-B: packetization mode 2
    [InlineData("7D 8165 00")] // FU-B
    [InlineData("7C")] // FU-A without its header
    [InlineData("78")] // STAP-A of nothing
    [InlineData("78 0002 67")] // a unit past the end
    [InlineData("78 0001 67 00")] // half a size
    [InlineData("78 0000")] // an empty unit
    public void Refuses_what_is_cut_short_or_of_another_mode(string hex) => Assert.False(H264Payload.TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void A_size_that_no_picture_has_is_none()
    {
        // Exp-Golomb codes of 32 zero bits and more never end.
        Assert.False(H264PictureSize.TryRead(new byte[600], out _, out _));

        // 65,536 macroblocks in a row.
        Assert.False(H264PictureSize.TryRead(Hex.Bytes("42C01FF800020001C0"), out _, out _));
    }
}
