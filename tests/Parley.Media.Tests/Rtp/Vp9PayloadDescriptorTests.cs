using CsCheck;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class Vp9PayloadDescriptorTests
{
    [Fact]
    public void Reads_a_key_picture_with_its_structure()
    {
        // I L F=0 B E V; 15-bit picture id 0x1234; TID 1, U, SID 0, D; TL0PICIDX 0x56; two layers with sizes and a group of two pictures.
        Assert.True(Vp9PayloadDescriptor.TryParse(
            Hex.Bytes("AE 9234 31 56 38 0140 00B4 0280 0168 02 50 04 01 AA"), out var d));
        Assert.True(d.HasPictureId && d.HasLongPictureId && d.HasLayers && d.HasTl0PicIdx && d.StartsFrame && d.EndsFrame && d.StartsKeyFrame);
        Assert.Equal((0x1234, 0x56, 1, 0), (d.PictureId, d.Tl0PicIdx, d.Tid, d.Sid));
        Assert.True(d.SwitchingUpPoint);
        Assert.Equal((640, 360), (d.Width, d.Height));
        Assert.Equal(18, d.Length);
    }

    [Theory]
    [InlineData("08 AA", 1, true)] // B alone: a key picture without any field
    [InlineData("48 AA", 1, false)] // P: refers to another
    [InlineData("88 23 AA", 2, true)] // 7-bit picture id
    [InlineData("28 02 00 AA", 3, false)] // SID 1: not the lowest layer
    [InlineData("58 03 05 06 AA", 4, false)] // flexible, three references
    [InlineData("38 00 AA", 2, true)] // flexible: no TL0PICIDX, no references
    [InlineData("80 23 AA", 2, false)] // B = 0
    public void Knows_the_start_of_a_key_picture(string hex, int length, bool startsKeyFrame)
    {
        Assert.True(Vp9PayloadDescriptor.TryParse(Hex.Bytes(hex), out var d));
        Assert.Equal(length, d.Length);
        Assert.Equal(startsKeyFrame, d.StartsKeyFrame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")] // no picture id
    [InlineData("80 80")] // half of one
    [InlineData("20 00")] // no TL0PICIDX
    [InlineData("50 03")] // no second reference
    [InlineData("50 03 03 03")] // a fourth reference announced
    [InlineData("02 F0 0140")] // sizes of eight layers
    [InlineData("02 08 FF 0C")] // 255 pictures
    public void Refuses_what_ends_too_early(string hex) => Assert.False(Vp9PayloadDescriptor.TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void Other_numbers_leave_all_else_as_it_is() =>
        Gen.Select(Gen.Byte.Array[1, 24], Gen.UShort[0, 0x7FFF], Gen.Byte).Sample((payload, pictureId, tl0PicIdx) =>
        {
            if (!Vp9PayloadDescriptor.TryParse(payload, out var before)) return true;
            var patched = payload.ToArray();
            Vp9PayloadDescriptor.Rewrite(patched, in before, pictureId, tl0PicIdx);
            Assert.True(Vp9PayloadDescriptor.TryParse(patched, out var after));
            Assert.Equal(before.HasPictureId ? pictureId & (before.HasLongPictureId ? 0x7FFF : 0x7F) : 0, after.PictureId);
            Assert.Equal(before.HasTl0PicIdx ? tl0PicIdx : 0, after.Tl0PicIdx);

            // And back.
            Vp9PayloadDescriptor.Rewrite(patched, in after, before.PictureId, before.Tl0PicIdx);
            return patched.AsSpan().SequenceEqual(payload);
        });
}
