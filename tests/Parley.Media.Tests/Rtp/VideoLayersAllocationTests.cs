using Parley.Media.Rtp;

namespace Parley.Media.Tests.Rtp;

public sealed class VideoLayersAllocationTests
{
    [Fact]
    public void Chromium_tells_streams_with_three_temporal_layers_and_their_sizes()
    {
        Assert.True(RtpPacket.TryParse(RtpCaptures.Read("vp8-simulcast-q")[0], out var packet));
        Assert.True(packet.TryGetExtension(RtpCaptures.VideoLayersAllocation, out var value));
        var allocation = new VideoLayersAllocation();
        Assert.True(allocation.TryRead(value));
        Assert.Equal(0, allocation.Stream);
        Assert.Equal(["0.0 160x90@60 60 90 150", "1.0 320x180@60 49 73 122"], Told(allocation));
    }

    [Theory]
    [InlineData("51 00 32 64", "0.0 0x0@0 50", "1.0 0x0@0 100")] // two streams, one layer each, no sizes
    [InlineData("80 30 40 0A 8C01 14", "0.0 0x0@0 10 140", "0.1 0x0@0 20")] // masks of their own: two layers in the first of one stream
    [InlineData("10 01 00 32", "1.0 0x0@0 50")] // the first of two streams is not sent
    [InlineData("30 0001 00 32", "3.0 0x0@0 50")] // four streams, only the last
    [InlineData("01 00 32 027F 0167 1E", "0.0 640x360@30 50")]
    public void Layers_are_told_by_stream(string hex, params string[] expected)
    {
        var allocation = new VideoLayersAllocation();
        Assert.True(allocation.TryRead(Hex.Bytes(hex)));
        Assert.Equal(expected, Told(allocation));
    }

    [Fact]
    public void One_byte_of_zeros_says_that_nothing_is_sent()
    {
        var allocation = new VideoLayersAllocation();
        Assert.True(allocation.TryRead(Hex.Bytes("01 00 32")));
        Assert.True(allocation.TryRead([0]));
        Assert.True(allocation.Layers.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")] // no temporal layers
    [InlineData("01 00")] // no bitrate
    [InlineData("01 40 32")] // the second of two is missing
    [InlineData("01 00 80")] // a bitrate that does not end
    [InlineData("00 00 00")] // masks without a layer
    [InlineData("30 00")] // half of the masks
    [InlineData("01 00 32 027F 0167")] // half a size
    public void What_is_not_well_formed_says_nothing(string hex)
    {
        var allocation = new VideoLayersAllocation();
        Assert.True(allocation.TryRead(Hex.Bytes("01 00 32")));
        Assert.False(allocation.TryRead(Hex.Bytes(hex)));
        Assert.True(allocation.Layers.IsEmpty);
    }

    private static List<string> Told(VideoLayersAllocation allocation)
    {
        var told = new List<string>();
        foreach (var layer in allocation.Layers)
        {
            var rates = Enumerable.Range(0, layer.TemporalLayers).Select(layer.KilobitsUpTo).ToList();
            Assert.Equal(rates[^1], layer.Kilobits);
            told.Add($"{layer.Stream}.{layer.SpatialId} {layer.Width}x{layer.Height}@{layer.FrameRate} {string.Join(' ', rates)}");
        }

        return told;
    }
}
