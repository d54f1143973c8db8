using CsCheck;
using Parley.Fuzz;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class Vp8PayloadDescriptorTests
{
    // A 640 x 480 key frame's first bytes: frame tag with P = 0, start code, sizes (RFC 6386 §9.1).
    private const string KeyFrame640x480 = "50F700 9D012A 8002 E001 0102";

    // Horizontal scale 1 and vertical scale 2 sit in the upper two bits.
    private const string ScaledKeyFrame = "50F700 9D012A 8042 E081 0102";

    private static readonly Gen<Vp8PayloadDescriptor> Descriptors = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Byte[0, 7]),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.UShort[0, 0x7FFF]),
        Gen.Select(Gen.Bool, Gen.Byte),
        Gen.Select(Gen.Bool, Gen.Byte[0, 3], Gen.Bool),
        Gen.Select(Gen.Bool, Gen.Byte[0, 31]),
        (frame, picture, tl0, tid, key) => new Vp8PayloadDescriptor
        {
            IsExtended = picture.Item1 || tl0.Item1 || tid.Item1 || key.Item1,
            NonReference = frame.Item1,
            StartsPartition = frame.Item2,
            PartitionId = frame.Item3,
            HasPictureId = picture.Item1,
            HasLongPictureId = picture.Item1 && picture.Item2,
            PictureId = (ushort)(!picture.Item1 ? 0 : picture.Item2 ? picture.Item3 : picture.Item3 & 0x7F),
            HasTl0PicIdx = tl0.Item1,
            Tl0PicIdx = tl0.Item1 ? tl0.Item2 : (byte)0,
            HasTid = tid.Item1,
            Tid = tid.Item1 ? tid.Item2 : (byte)0,
            LayerSync = tid.Item1 && tid.Item3,
            HasKeyIdx = key.Item1,
            KeyIdx = key.Item1 ? key.Item2 : (byte)0,
        });

    [Fact]
    public void Reads_the_one_byte_form_at_the_start_of_a_key_frame()
    {
        Assert.True(Vp8PayloadDescriptor.TryParse(Hex.Bytes("10" + KeyFrame640x480), out var d));
        Assert.Equal(1, d.Length);
        Assert.True(d.StartsFrame);
        Assert.True(d.IsKeyFrame);
        Assert.Equal((640, 480), (d.Width, d.Height));
        Assert.False(d.IsExtended || d.HasPictureId || d.HasTl0PicIdx || d.HasTid || d.HasKeyIdx);
    }

    [Fact]
    public void Reads_all_extensions()
    {
        // X N S PID 0; I L T K; M 15-bit picture id 0x1234; TL0PICIDX 0x56; TID 2, Y, KEYIDX 17.
        Assert.True(Vp8PayloadDescriptor.TryParse(Hex.Bytes("B0 F0 9234 56 B1" + KeyFrame640x480), out var d));
        Assert.Equal(6, d.Length);
        Assert.True(d.IsExtended && d.NonReference && d.StartsPartition && d.HasPictureId && d.HasLongPictureId);
        Assert.Equal(0x1234, d.PictureId);
        Assert.Equal(0x56, d.Tl0PicIdx);
        Assert.Equal(2, d.Tid);
        Assert.True(d.LayerSync);
        Assert.Equal(17, d.KeyIdx);
        Assert.True(d.IsKeyFrame);
    }

    [Theory]
    [InlineData("90 80 23" + KeyFrame640x480, 3, 0x23, true)] // 7-bit picture id
    [InlineData("80 80 23" + KeyFrame640x480, 3, 0x23, false)] // S = 0: no start, whatever the bytes look like
    [InlineData("91 80 23" + KeyFrame640x480, 3, 0x23, false)] // PID 1
    [InlineData("90 80 8023 51F700", 4, 0x23, false)] // P = 1: an interframe; a long form of a small id
    [InlineData("90 80 8023", 4, 0x23, false)] // nothing behind the descriptor
    public void Knows_the_start_of_a_key_frame(string hex, int length, int pictureId, bool isKeyFrame)
    {
        Assert.True(Vp8PayloadDescriptor.TryParse(Hex.Bytes(hex), out var d));
        Assert.Equal(length, d.Length);
        Assert.Equal(pictureId, d.PictureId);
        Assert.Equal(isKeyFrame, d.IsKeyFrame);
        Assert.Equal(isKeyFrame ? 640 : 0, d.Width);
    }

    [Theory]
    [InlineData("10" + ScaledKeyFrame, 640, 480)]
    [InlineData("10 50F700 9D012A 8002 E0", 0, 0)] // cut off in the size
    [InlineData("10 50F700 9D012B 8002 E001", 0, 0)] // not the start code
    public void Reads_the_size_of_a_key_frame(string hex, int width, int height)
    {
        Assert.True(Vp8PayloadDescriptor.TryParse(Hex.Bytes(hex), out var d));
        Assert.True(d.IsKeyFrame);
        Assert.Equal((width, height), (d.Width, d.Height));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("80 80")]
    [InlineData("80 80 80")]
    [InlineData("80 40")]
    [InlineData("80 20")]
    [InlineData("80 F0 8000 00")]
    public void Refuses_a_descriptor_that_is_cut_off(string hex) => Assert.False(Vp8PayloadDescriptor.TryParse(Hex.Bytes(hex), out _));

    [Fact]
    public void What_is_written_parses_to_the_same()
    {
        Descriptors.Sample(
            written =>
            {
                // P = 1, so nothing about key frames is added.
                var payload = new byte[Vp8PayloadDescriptor.MaxLength + 1];
                var length = written.Write(payload);
                payload[length] = 0x01;
                Assert.True(Vp8PayloadDescriptor.TryParse(payload.AsSpan(0, length + 1), out var read));
                Assert.Equal(length, read.Length);
                Span<byte> again = stackalloc byte[Vp8PayloadDescriptor.MaxLength];
                Assert.Equal(length, read.Write(again));
                Assert.Equal(payload[..length], again[..length].ToArray());
                Assert.Equal(
                    (written.PictureId, written.Tl0PicIdx, written.Tid, written.KeyIdx, written.PartitionId),
                    (read.PictureId, read.Tl0PicIdx, read.Tid, read.KeyIdx, read.PartitionId));
                Assert.Equal(
                    (written.NonReference, written.StartsPartition, written.LayerSync, written.HasLongPictureId),
                    (read.NonReference, read.StartsPartition, read.LayerSync, read.HasLongPictureId));
            },
            iter: 5_000);
    }

    [Fact]
    public void A_patch_changes_the_picture_id_and_tl0picidx_and_nothing_else()
    {
        Gen.Select(Descriptors, Gen.UShort, Gen.Byte, Gen.Byte.Array[0, 12]).Sample(
            (descriptor, pictureId, tl0PicIdx, data) =>
            {
                var payload = new byte[Vp8PayloadDescriptor.MaxLength + data.Length];
                var length = descriptor.Write(payload);
                data.CopyTo(payload, length);
                var whole = payload.AsSpan(0, length + data.Length);
                Assert.True(Vp8PayloadDescriptor.TryParse(whole, out var before));

                Vp8PayloadDescriptor.Rewrite(whole, before, pictureId, tl0PicIdx);

                Assert.True(Vp8PayloadDescriptor.TryParse(whole, out var after));
                Assert.Equal(
                    before with
                    {
                        PictureId = (ushort)(!before.HasPictureId ? 0 : pictureId & (before.HasLongPictureId ? 0x7FFF : 0x7F)),
                        Tl0PicIdx = before.HasTl0PicIdx ? tl0PicIdx : (byte)0,
                    },
                    after);
                Assert.Equal(data, whole[length..].ToArray());
            },
            iter: 5_000);
    }

    [Fact]
    public void Renumbering_is_what_parsing_and_patching_would_do_of_any_bytes() =>
        Gen.Select(Gen.OneOf(Descriptors.Select(Written), Gen.Byte.Array[0, 8]), Gen.UShort, Gen.Byte).Sample(
            (payload, pictureIdOffset, tl0PicIdxOffset) =>
            {
                var expected = payload.ToArray();
                if (Vp8PayloadDescriptor.TryParse(payload, out var d))
                    Vp8PayloadDescriptor.Rewrite(expected, d, (ushort)(d.PictureId + pictureIdOffset & 0x7FFF), (byte)(d.Tl0PicIdx + tl0PicIdxOffset));

                Vp8PayloadDescriptor.Renumber(payload, pictureIdOffset, tl0PicIdxOffset);

                Assert.Equal(expected, payload);
            },
            iter: 20_000);

    private static byte[] Written(Vp8PayloadDescriptor descriptor)
    {
        var payload = new byte[Vp8PayloadDescriptor.MaxLength + 2];
        return payload[..(descriptor.Write(payload) + 1)];
    }

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 24].Sample(bytes => FuzzTargets.All["vp8"](bytes), iter: 20_000);
}
