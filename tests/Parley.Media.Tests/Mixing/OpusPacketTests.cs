using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

/// <summary>Our reading of RFC 6716 §3 against libopus's.</summary>
public sealed class OpusPacketTests
{
    [Theory]
    [InlineData(0x00, OpusMode.Silk, 480)] // §3.1, table 2
    [InlineData(0x18, OpusMode.Silk, 2_880)]
    [InlineData(0x60, OpusMode.Hybrid, 480)]
    [InlineData(0x78, OpusMode.Hybrid, 960)]
    [InlineData(0x80, OpusMode.Celt, 120)]
    [InlineData(0xFC, OpusMode.Celt, 960)]
    public void The_table_of_contents_gives_mode_and_length(byte toc, OpusMode mode, int frameSamples)
    {
        Assert.True(OpusPacket.TryParse([toc, 0, 0], out var packet));

        Assert.Equal(mode, packet.Mode);
        Assert.Equal(frameSamples, packet.FrameSamples);
        Assert.Equal(1, packet.FrameCount);
        Assert.Equal((toc & 4) != 0, packet.IsStereo);
    }

    [Theory]
    [InlineData(new byte[0])] // R1
    [InlineData(new byte[] { 0x09, 1, 2, 3 })] // R3: an odd rest for two frames of one size
    [InlineData(new byte[] { 0x0A, 5, 1 })] // R4: a first frame longer than the packet
    [InlineData(new byte[] { 0x0B, 0 })] // R5: no frames
    [InlineData(new byte[] { 0x0B, 7, 1, 2, 3, 4, 5, 6, 7 })] // R5: 140 ms
    [InlineData(new byte[] { 0x0B })] // R6
    [InlineData(new byte[] { 0x0B, 0x41, 200, 1 })] // R6: padding beyond the end
    [InlineData(new byte[] { 0x0B, 0x82, 9, 1 })] // R7: sizes beyond the end
    public void Broken_framing_is_refused(byte[] payload) => Assert.False(OpusPacket.TryParse(payload, out _));

    [Fact]
    public void Accepts_just_what_libopus_decodes_and_agrees_on_its_length()
    {
        using var decoder = new OpusDecoder();
        var samples = new float[AudioFormat.MaxPacketSamples];
        Gen.Byte.Array[1, 60].Sample(
            payload =>
            {
                var accepted = OpusPacket.TryParse(payload, out var packet);
                var decoded = decoder.Decode(payload, samples);
                return decoded == (accepted ? packet.Samples : 0);
            },
            iter: 2_000,
            threads: 1);
    }

    [Fact]
    public void Sees_fec_where_the_encoder_put_it()
    {
        var with = CountFec(new OpusEncoderOptions { ExpectedLossPercent = 20 });
        var without = CountFec(new OpusEncoderOptions { InbandFec = false });

        Assert.InRange(with, 70, 99);
        Assert.Equal(0, without);
    }

    private static int CountFec(OpusEncoderOptions options)
    {
        using var encoder = new OpusEncoder(options);
        var speech = Tones.Speech(100 * 960);
        var bytes = new byte[AudioFormat.MaxEncodedBytes];
        var count = 0;
        for (var i = 0; i < 100; i++)
        {
            var written = encoder.Encode(speech.AsSpan(i * 960, 960), bytes);
            Assert.True(OpusPacket.TryParse(bytes.AsSpan(0, written), out var packet));
            if (packet.HasFec) count++;
        }

        return count;
    }
}
