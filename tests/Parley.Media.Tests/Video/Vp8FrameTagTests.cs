using CsCheck;
using Parley.Media.Tests.Rtp;
using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

public sealed class Vp8FrameTagTests
{
    [Fact]
    public void Reads_a_keyframe()
    {
        // P = 0, version 0, shown, a first partition of two bytes; 640 × 480 with scaling bits (RFC 6386 §9.1).
        Assert.True(Vp8FrameTag.TryParse(Hex.Bytes("500000 9D012A 8042 E081 0102"), out var tag));
        Assert.Equal((true, 0, true, 2, 640, 480), (tag.IsKeyframe, tag.Version, tag.IsShown, tag.FirstPartitionLength, tag.Width, tag.Height));
    }

    [Fact]
    public void Reads_a_frame_that_is_none()
    {
        Assert.True(Vp8FrameTag.TryParse(Hex.Bytes("270000 01"), out var tag));
        Assert.Equal((false, 3, false, 1, 0, 0), (tag.IsKeyframe, tag.Version, tag.IsShown, tag.FirstPartitionLength, tag.Width, tag.Height));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1100")]
    [InlineData("500000 9D012A 8002 E0")] // cut off in the size
    [InlineData("500000 9D012B 8002 E001 0102")] // not the start code
    [InlineData("500000 9D012A 0000 E001 0102")] // no width
    [InlineData("500000 9D012A 8002 0040 0102")] // no height, but a scale
    [InlineData("700000 9D012A 8002 E001 0102")] // three bytes of first partition, two there
    [InlineData("510000 01")] // the same without a keyframe
    public void Refuses_what_cannot_be_decoded(string hex) => Assert.False(Vp8FrameTag.TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 20].Sample(bytes =>
    {
        if (Vp8FrameTag.TryParse(bytes, out var tag)) Assert.Equal(tag.IsKeyframe, tag.Width > 0);
    });
}
