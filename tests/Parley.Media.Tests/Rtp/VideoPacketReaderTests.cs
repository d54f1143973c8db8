using System.Text;
using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

/// <summary>What is read of packets that Chromium sent.</summary>
public sealed class VideoPacketReaderTests
{
    /// <summary>
    /// Each packet as a word: K for a keyframe's first, else S for a frame's first, else -; its spatial and temporal layer; ^ and the layer
    /// that may be switched to; E for a frame's last. Three temporal layers go 0 2 1 2. `L2T3_KEY` began with one spatial layer.
    /// </summary>
    [Theory]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3", 13, "K0.0^7E S0.2^2E S0.1^1E S0.2E S0.0 -0.0E S0.2E S0.1E S0.2E S0.0 -0.0E S0.2^2 -0.2^2E S0.1^1E")]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3-dependency", 13, "K0.0^2E S0.2E S0.1^2E S0.0 -0.0E S0.2E S0.1^2E S0.2 -0.2E S0.0^2 -0.0^2E S0.2E S0.1^2E S0.2E")]
    [InlineData(VideoCodec.Vp8, "vp8-simulcast-q", 13, "K0.0^2E S0.2E S0.1^2E S0.2E S0.0E S0.2E S0.1^2E S0.2E S0.0^2E S0.2E S0.1^2E S0.2E K0.0^2E S0.2E")]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3", 13, "K0.0^2E S0.2E S0.1^2E S0.2E S0.0^2 -0.0^2E S0.2E S0.1^2E S0.2E S0.0^2 -0.0^2 -0.0^2E S0.2E S0.1^2E")]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3", 0, "K0.0^7E S0.2E S0.1E S0.2E S0.0^7 -0.0^7E S0.2E S0.1E S0.2E S0.0^7 -0.0^7 -0.0^7E S0.2E S0.1E")]
    [InlineData(VideoCodec.Vp9, "vp9-l2t3-key", 13, "K0.0^2E S0.2E K0.0^2E S1.0^2 -1.0^2E S0.2E S1.2E S0.1^2E S1.1^2E S0.2E S1.2E S0.0^2E S1.0^2 -1.0^2E")]
    [InlineData(VideoCodec.H264, "h264", 13, "K0.0^7E S0.0E S0.0E S0.0E S0.0E S0.0E S0.0E S0.0E S0.0 -0.0E S0.0E S0.0E S0.0E S0.0E")]
    [InlineData(VideoCodec.H264, "h264-l1t3", 13, "K0.0^2 -0.0^2E S0.2E S0.1^2E S0.2E S0.0^2E S0.2E S0.1^2 -0.1^2E S0.2E S0.0^2 -0.0^2E S0.2E S0.1^2")]
    [InlineData(VideoCodec.Av1, "av1-l1t3", 13, "K0.0^2 -0.0^2E S0.2E S0.1^2E S0.2E S0.0^2E S0.2E S0.1^2E S0.2E S0.0^2 -0.0^2E S0.2E S0.1^2E S0.2E")]
    [InlineData(VideoCodec.Av1, "av1-l1t3", 0, "K0.0^7 -0.0E S0.2E S0.1E S0.2E S0.0E S0.2E S0.1E S0.2E S0.0 -0.0E S0.2E S0.1E S0.2E")]
    [InlineData(VideoCodec.Av1, "av1-l2t2", 13, "K0.0^1E S1.0^1E S0.1E S1.1E S0.0^1E S1.0^1 -1.0^1E S0.1E S1.1E S0.0^1E S1.0^1E S0.1E S1.1E S0.0^1E")]
    public void Frames_and_layers_are_told(VideoCodec codec, string capture, byte descriptorId, string expected)
    {
        var words = Read(codec, capture, descriptorId).Take(14).Select(info => new StringBuilder()
            .Append(info.StartsKeyFrame ? 'K' : info.StartsFrame ? 'S' : '-')
            .Append($"{info.SpatialId}.{info.TemporalId}")
            .Append(info.SwitchUpTo > 0 ? $"^{info.SwitchUpTo}" : "")
            .Append(info.EndsFrame ? "E" : ""));
        Assert.Equal(expected, string.Join(' ', words));
    }

    [Theory]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3", 640, 360)]
    [InlineData(VideoCodec.Vp8, "vp8-simulcast-q", 160, 90)]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3", 640, 360)]
    [InlineData(VideoCodec.Vp9, "vp9-l2t3-key", 320, 180)]
    [InlineData(VideoCodec.H264, "h264", 640, 360)]
    [InlineData(VideoCodec.Av1, "av1-l1t3", 640, 360)]
    public void A_keyframe_tells_its_size(VideoCodec codec, string capture, int width, int height)
    {
        var infos = Read(codec, capture, RtpCaptures.DependencyDescriptor).Take(12).ToList();
        Assert.Equal((width, height), (infos[0].Width, infos[0].Height));
        Assert.All(infos.Where(info => !info.StartsKeyFrame), info => Assert.Equal(0, info.Width));
    }

    /// <summary>Chromium's VP9 is in flexible mode, which has no TL0PICIDX.</summary>
    [Theory]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3")]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3")]
    public void Picture_ids_and_indices_of_the_base_layer_count(VideoCodec codec, string capture)
    {
        var before = default(VideoPacketInfo);
        foreach (var info in Read(codec, capture, 0))
        {
            Assert.True(info is { HasPictureId: true, HasLongPictureId: true });
            Assert.Equal(codec == VideoCodec.Vp8, info.HasTl0PicIdx);
            if (before != default)
            {
                Assert.Equal(before.PictureId + (info.StartsFrame ? 1 : 0), info.PictureId);
                Assert.Equal((byte)(before.Tl0PicIdx + (info is { HasTl0PicIdx: true, StartsFrame: true, TemporalId: 0 } ? 1 : 0)), info.Tl0PicIdx);
            }

            before = info;
        }
    }

    [Fact]
    public void With_a_dependency_descriptor_Chromium_leaves_picture_ids_out_of_VP8() =>
        Assert.All(Read(VideoCodec.Vp8, "vp8-l1t3-dependency", RtpCaptures.DependencyDescriptor), info => Assert.False(info.HasPictureId));

    [Theory]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3")]
    [InlineData(VideoCodec.Vp8, "vp8-l1t3-dependency")]
    [InlineData(VideoCodec.Vp9, "vp9-l1t3")]
    [InlineData(VideoCodec.H264, "h264")]
    [InlineData(VideoCodec.Av1, "av1-l1t3")]
    public void A_payload_with_other_numbers_says_the_same_else(VideoCodec codec, string capture)
    {
        foreach (var bytes in RtpCaptures.Read(capture))
        {
            var before = Read(codec, bytes, 0, new DependencyStructure());
            Assert.True(RtpPacket.TryParse(bytes, out var packet));
            VideoPacketReader.Renumber(codec, bytes.AsSpan(packet.HeaderLength), (ushort)(0x7ABC - before.PictureId), (byte)(0xDE - before.Tl0PicIdx));
            Assert.Equal(
                before with
                {
                    PictureId = (ushort)(before.HasPictureId ? 0x7ABC : 0),
                    Tl0PicIdx = (byte)(before.HasTl0PicIdx ? 0xDE : 0),
                },
                Read(codec, bytes, 0, new DependencyStructure()));
        }
    }

    [Theory]
    [InlineData(VideoCodec.Vp8)]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Vp9)]
    [InlineData(VideoCodec.Av1)]
    public void Padding_is_nothing_of_a_codec(VideoCodec codec)
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("A0 60 0001 00000000 00000001 00000004"), out var packet));
        Assert.False(VideoPacketReader.TryRead(codec, in packet, 0, new DependencyStructure(), out _));
    }

    [Theory]
    [InlineData(0, 2, 0, 0, 0)] // nothing is allowed
    [InlineData(2, 0, 1, 0, 0)] // downwards always
    [InlineData(0, 2, 0, 2, 2)] // a frame of the base layer that frees all above it
    [InlineData(0, 1, 0, 7, 1)] // no further than wanted
    [InlineData(0, 2, 1, 1, 1)] // VP8: layer 1 begins
    [InlineData(0, 2, 2, 2, 0)] // VP8: layer 2 begins, but layer 1 is not followed yet
    [InlineData(1, 2, 2, 2, 2)]
    [InlineData(2, 2, 0, 1, 2)] // a lower layer's sync takes nothing away
    public void Temporal_layers_are_followed_upwards_only_where_a_frame_lets(byte current, byte wanted, byte temporal, byte switchUpTo, byte expected) =>
        Assert.Equal(expected, new VideoPacketInfo { TemporalId = temporal, SwitchUpTo = switchUpTo }.Follow(current, wanted));

    private static IEnumerable<VideoPacketInfo> Read(VideoCodec codec, string capture, byte descriptorId)
    {
        var structure = new DependencyStructure();
        return RtpCaptures.Read(capture).Select(bytes => Read(codec, bytes, descriptorId, structure));
    }

    private static VideoPacketInfo Read(VideoCodec codec, byte[] bytes, byte descriptorId, DependencyStructure structure)
    {
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Assert.True(VideoPacketReader.TryRead(codec, in packet, descriptorId, structure, out var info));
        return info;
    }
}
