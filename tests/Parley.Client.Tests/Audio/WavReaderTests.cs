using CsCheck;
using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

public sealed class WavReaderTests
{
    [Theory]
    [InlineData(1, 8, 1, 0.02)]
    [InlineData(1, 16, 1, 0.0001)]
    [InlineData(1, 16, 2, 0.0001)]
    [InlineData(1, 24, 6, 0.000001)]
    [InlineData(1, 32, 1, 0.000001)]
    [InlineData(3, 32, 2, 0.000001)]
    [InlineData(3, 64, 1, 0.000001)]
    public void Reads_every_usual_kind(int tag, int bits, int channels, double tolerance)
    {
        var samples = Tones.Make(440, 48_000, 1000, 0.9);
        foreach (var extensible in new[] { false, true })
        {
            using var reader = Open(WavBytes.Make(tag, bits, channels, 48_000, WavBytes.Encode(samples, tag, bits, channels), extensible));
            var read = new float[1100];
            Assert.Equal(1000, reader.Read(read));
            for (var i = 0; i < 1000; i++) Assert.Equal(samples[i], read[i], tolerance);
            Assert.Equal((48_000, channels), (reader.SampleRate, reader.Channels));
            Assert.Equal(1000 / 48_000.0, reader.Duration.TotalSeconds, 0.001);
        }
    }

    [Theory]
    [InlineData(44_100, 1000)]
    [InlineData(8_000, 3000)]
    [InlineData(11_025, 440)]
    [InlineData(16_000, 6000)]
    [InlineData(96_000, 15_000)]
    [InlineData(192_000, 1000)]
    [InlineData(44_101, 997)]
    [InlineData(1_000, 300)]
    public void Another_rate_becomes_48_kHz_with_the_tone_kept_and_nothing_beside_it(int rate, int frequency)
    {
        using var reader = Open(Float(rate, Tones.Make(frequency, rate, 2 * rate)));
        var read = new float[97_000];
        Assert.InRange(reader.Read(read), 95_998, 96_002);
        var middle = read.AsSpan(24_000, 48_000);
        Assert.InRange(Tones.Amplitude(middle, frequency), 0.498, 0.502);
        Assert.InRange(Tones.NoiseDb(middle, frequency), double.NegativeInfinity, -70);
    }

    [Fact]
    public void What_48_kHz_cannot_hold_does_not_come_back_as_something_else()
    {
        using var reader = Open(Float(96_000, Tones.Make(30_000, 96_000, 96_000)));
        var read = new float[48_000];
        reader.Read(read);
        Assert.InRange(read.AsSpan(4_000, 40_000).ToArray().Max(Math.Abs), 0, 0.5 * 0.001);
    }

    [Fact]
    public void Reads_the_same_in_pieces_and_after_going_back()
    {
        using var reader = Open(Float(44_100, Tones.Make(700, 44_100, 10_000)));
        var whole = new float[12_000];
        var length = reader.Read(whole);
        foreach (var step in new[] { 1, 7, 960, 5000 })
        {
            reader.Rewind();
            var pieces = new List<float>();
            var piece = new float[step];
            for (var read = reader.Read(piece); read > 0; read = reader.Read(piece)) pieces.AddRange(piece[..read]);
            Assert.Equal(whole[..length], pieces);
        }
    }

    [Fact]
    public void Channels_are_averaged_and_what_is_beyond_is_clipped()
    {
        var data = new byte[16];
        BitConverter.TryWriteBytes(data, 0.5f);
        BitConverter.TryWriteBytes(data.AsSpan(4), -0.1f);
        BitConverter.TryWriteBytes(data.AsSpan(8), float.NaN);
        BitConverter.TryWriteBytes(data.AsSpan(12), 1f);
        using var two = Open(WavBytes.Make(3, 32, 2, 48_000, data));
        var read = new float[2];
        Assert.Equal(2, two.Read(read));
        Assert.Equal([0.2f, 0f], read);
        using var loud = Open(Float(48_000, [5f, -5f]));
        Assert.Equal(2, loud.Read(read));
        Assert.Equal([1f, -1f], read);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(1_000_000u)]
    public void A_file_that_was_never_finished_plays_to_its_end(uint length)
    {
        using var reader = Open(WavBytes.Make(1, 16, 1, 48_000, new byte[2001], dataLength: length));
        Assert.Equal(1000, reader.Read(new float[2000]));
    }

    [Theory]
    [InlineData(2, 16, 1, 48_000, "format 2")]
    [InlineData(1, 12, 1, 48_000, "12 bits")]
    [InlineData(3, 16, 1, 48_000, "16 bits")]
    [InlineData(1, 16, 0, 48_000, "0 channels")]
    [InlineData(1, 16, 33, 48_000, "33 channels")]
    [InlineData(1, 16, 1, 0, "0 Hz")]
    [InlineData(1, 16, 1, 400_000, "400000 Hz")]
    public void What_cannot_be_played_is_said_with_its_reason(int tag, int bits, int channels, int rate, string why)
    {
        var failure = Assert.Throws<ParleyException>(() => Open(WavBytes.Make(tag, bits, channels, rate, new byte[100])));
        Assert.Equal(ParleyError.Media, failure.Error);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Contains("sound.wav", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_wav_file_is_said_to_be_none()
    {
        Assert.Contains("no WAV file", Assert.Throws<ParleyException>(() => Open("OggS and more of it"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("no WAV file", Assert.Throws<ParleyException>(() => Open([])).Message, StringComparison.Ordinal);
        Assert.Contains("no samples", Assert.Throws<ParleyException>(() => Open(Float(48_000, []))).Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ParleyException>(() => new WavReader(Path.Combine(Path.GetTempPath(), "parley", "is", "not.wav")));
        Assert.Contains("cannot be opened", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ParleyException>(() => new WavReader(Path.GetTempPath()));
    }

    [Fact]
    public void A_damaged_file_is_refused_or_plays_something() =>
        Gen.Select(Gen.Int[0, 120], Gen.Byte, Gen.Int[0, 200]).Array[1, 5].Sample(damage =>
        {
            var bytes = WavBytes.Make(1, 16, 2, 44_100, new byte[90], extensible: true);
            var length = bytes.Length;
            foreach (var (at, value, end) in damage)
            {
                bytes[at % bytes.Length] = value;
                length = end < 20 ? end : length;
            }

            try
            {
                using var reader = Open(bytes[..Math.Min(length, bytes.Length)]);
                var samples = new float[5000];
                Assert.InRange(reader.Read(samples), 0, 5000);
                Assert.InRange(samples.Max(Math.Abs), 0, 1.5f);
            }
            catch (ParleyException failure)
            {
                Assert.Equal(ParleyError.Media, failure.Error);
            }
        });

    private static byte[] Float(int rate, float[] samples) => WavBytes.Make(3, 32, 1, rate, WavBytes.Encode(samples, 3, 32, 1));

    private static WavReader Open(byte[] file) => new(new MemoryStream(file), "sound.wav");
}
