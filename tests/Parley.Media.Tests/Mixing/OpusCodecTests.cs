using CsCheck;
using Parley.Media.Mixing;

namespace Parley.Media.Tests.Mixing;

public sealed unsafe class OpusCodecTests
{
    [Fact]
    public void A_copied_encoder_goes_on_as_the_first_would()
    {
        using var first = new OpusEncoder(new OpusEncoderOptions { ExpectedLossPercent = 20 });
        using var second = new OpusEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        var speech = Tones.Speech(200 * 960);
        byte[] one = new byte[1_276], other = new byte[1_276];
        for (var i = 0; i < 100; i++) first.Encode(speech.AsSpan(i * 960, 960), one);

        second.CopyFrom(first);

        Assert.Equal(20, second.ExpectedLossPercent);
        for (var i = 100; i < 200; i++)
        {
            var length = first.Encode(speech.AsSpan(i * 960, 960), one);
            Assert.Equal(length, second.Encode(speech.AsSpan(i * 960, 960), other));
            Assert.Equal(one[..length], other[..length]);
        }
    }

    [Fact]
    public void What_is_encoded_is_decoded_again()
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        using var decoder = new OpusDecoder();
        var packet = new byte[AudioFormat.MaxEncodedBytes];
        var heard = new float[48_000];
        for (var i = 0; i < 50; i++)
        {
            var written = encoder.Encode(Tones.Sine(1_000, 0.25, 960, i * 960), packet);
            Assert.InRange(written, 20, 200);
            Assert.Equal(960, decoder.Decode(packet.AsSpan(0, written), heard.AsSpan(i * 960, 960)));
        }

        Assert.InRange(Tones.LevelDb(heard.AsSpan(24_000), 1_000), -12.6, -11.5);
    }

    [Theory]
    [InlineData(480)]
    [InlineData(1_920)]
    [InlineData(2_880)]
    public void Packets_of_10_40_and_60_ms_decode_whole(int samples)
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions());
        using var decoder = new OpusDecoder();
        var packet = new byte[AudioFormat.MaxPacketBytes];
        var heard = new float[AudioFormat.MaxPacketSamples];
        for (var i = 0; i < 10; i++)
        {
            var written = encoder.Encode(Tones.Sine(1_000, 0.25, samples, i * samples), packet);
            Assert.True(OpusPacket.TryParse(packet.AsSpan(0, written), out var parsed));
            Assert.Equal(samples, parsed.Samples);
            Assert.Equal(samples, decoder.Decode(packet.AsSpan(0, written), heard));
        }
    }

    [Theory]
    [InlineData(1_000, OpusMode.Silk)] // OPUS_SET_FORCE_MODE: MODE_SILK_ONLY, MODE_HYBRID, MODE_CELT_ONLY
    [InlineData(1_001, OpusMode.Hybrid)]
    [InlineData(1_002, OpusMode.Celt)]
    public void A_stereo_packet_comes_out_as_mono(int forcedMode, OpusMode mode)
    {
        using var handle = OpusEncoderHandle.Create(channels: 2, OpusLibrary.ApplicationVoip);
        using var decoder = new OpusDecoder();
        var library = OpusLibrary.Instance;
        library.EncoderControl(handle.DangerousGetHandle(), OpusLibrary.SetBitrate, 48_000);
        library.EncoderControl(handle.DangerousGetHandle(), 11_002, forcedMode);

        // SILK alone reaches no further than wideband: OPUS_SET_MAX_BANDWIDTH.
        if (mode == OpusMode.Silk) library.EncoderControl(handle.DangerousGetHandle(), 4_004, 1_103);
        library.EncoderControl(handle.DangerousGetHandle(), 4_022, 2); // OPUS_SET_FORCE_CHANNELS
        var heard = new float[48_000];
        var packet = new byte[AudioFormat.MaxPacketBytes];
        for (var i = 0; i < 50; i++)
        {
            var left = Tones.Sine(700, 0.2, 960, i * 960);
            var stereo = left.SelectMany(sample => new[] { sample, sample }).ToArray();
            fixed (float* pcm = stereo)
            fixed (byte* data = packet)
            {
                var written = library.EncodeFloat(handle.DangerousGetHandle(), pcm, 960, data, packet.Length);
                Assert.True(OpusPacket.TryParse(packet.AsSpan(0, written), out var parsed));
                Assert.True(parsed.IsStereo);
                Assert.Equal(mode, parsed.Mode);
                Assert.Equal(960, decoder.Decode(packet.AsSpan(0, written), heard.AsSpan(i * 960, 960)));
            }
        }

        Assert.InRange(Tones.LevelDb(heard.AsSpan(24_000), 700), -16, -13);
    }

    [Fact]
    public void Fec_gives_back_more_of_a_lost_frame_than_concealment()
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions { ExpectedLossPercent = 20 });
        const int frames = 150;
        var speech = Tones.Speech(frames * 960);
        var packets = new byte[frames][];
        var buffer = new byte[AudioFormat.MaxEncodedBytes];
        for (var i = 0; i < frames; i++) packets[i] = buffer[..encoder.Encode(speech.AsSpan(i * 960, 960), buffer)];

        // Against what a lossless path would have decoded, so that codec delay and noise do not count.
        var reference = Decode(packets, recover: null);
        var withFec = Decode(packets, recover: true);
        var concealed = Decode(packets, recover: false);

        double fec = 0, plc = 0;
        var losses = 0;
        for (var lost = 20; lost < frames - 1; lost += 10, losses++)
        {
            var at = new Range(lost * 960, (lost + 1) * 960);
            fec += Tones.SnrDb(reference.AsSpan()[at], withFec.AsSpan()[at]);
            plc += Tones.SnrDb(reference.AsSpan()[at], concealed.AsSpan()[at]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"FEC {fec / losses:F1} dB, concealment {plc / losses:F1} dB");
        Assert.True(fec / losses > (plc / losses) + 3, $"FEC {fec / losses:F1} dB, concealment {plc / losses:F1} dB");
    }

    [Fact]
    public void No_bytes_make_the_decoder_throw_or_overrun()
    {
        using var decoder = new OpusDecoder();
        var samples = new float[AudioFormat.MaxPacketSamples];
        Gen.Select(Gen.Byte.Array[0, 1_600], Gen.Bool).Sample(
            (bytes, fec) =>
            {
                var written = fec ? decoder.DecodeFec(bytes, samples.AsSpan(0, 960)) : decoder.Decode(bytes, samples);
                SampleGuard.Bound(samples);
                return written is >= 0 and <= AudioFormat.MaxPacketSamples && samples.All(sample => sample is >= -1 and <= 1);
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Samples_that_are_no_numbers_become_silence_and_the_rest_is_bounded()
    {
        float[] samples = [0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -7f, -1f];

        Assert.True(SampleGuard.Bound(samples));

        Assert.Equal([0.5f, 0f, 0f, 0f, 1f, -1f, -1f], samples);
        Assert.False(SampleGuard.Bound(samples));
    }

    [Fact]
    public void A_missing_library_is_named_with_the_package_to_install()
    {
        var error = Assert.Throws<DllNotFoundException>(() => OpusLibrary.Load("no-such-opus.so.0"));

        Assert.Contains("apt-get install libopus0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoder(new OpusEncoderOptions { Bitrate = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoder(new OpusEncoderOptions { Complexity = 11 }));
    }

    private static float[] Decode(byte[][] packets, bool? recover)
    {
        using var decoder = new OpusDecoder();
        var samples = new float[packets.Length * 960];
        for (var i = 0; i < packets.Length; i++)
        {
            var frame = samples.AsSpan(i * 960, 960);
            var isLost = recover is not null && i >= 20 && i % 10 == 0 && i + 1 < packets.Length;
            if (!isLost) Assert.Equal(960, decoder.Decode(packets[i], frame));
            else if (recover == true) Assert.Equal(960, decoder.DecodeFec(packets[i + 1], frame));
            else decoder.Conceal(frame);
        }

        return samples;
    }
}
