using System.Buffers.Binary;
using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

public sealed class WavWriterTests
{
    [Fact]
    public void What_is_written_reads_the_same()
    {
        using var folder = new TemporaryFolder();
        var samples = Tones.Make(440, 48_000, 50_000);
        using (var writer = new WavWriter(folder["a.wav"])) writer.Write(samples);
        using var reader = new WavReader(folder["a.wav"]);
        var read = new float[50_001];
        Assert.Equal(50_000, reader.Read(read));
        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], read[i], 0.00005);
        Assert.Equal((48_000, 1), (reader.SampleRate, reader.Channels));
    }

    [Fact]
    public void The_header_is_the_one_everybody_reads()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WavWriter(folder["a.wav"])) writer.Write([1f, -1f, 2f, float.NaN]);
        var bytes = File.ReadAllBytes(folder["a.wav"]);
        Assert.Equal(
            Convert.FromHexString("52494646" + "2C000000" + "57415645" + "666D7420" + "10000000" + "0100" + "0100" + "80BB0000" + "00770100"
                + "0200" + "1000" + "64617461" + "08000000" + "FF7F" + "0180" + "FF7F" + "0000"),
            bytes);
    }

    [Fact]
    public void A_crash_leaves_a_header_of_at_most_a_second_ago()
    {
        using var folder = new TemporaryFolder();
        using var writer = new WavWriter(folder["a.wav"]);
        for (var i = 0; i < 125; i++) writer.Write(new float[AudioFormat.FrameSamples]);

        // The writer is still at it: this is what others see of the file.
        using var seen = new FileStream(folder["a.wav"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[44];
        seen.ReadExactly(header);
        Assert.Equal(2u * 96_000, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(40)));
        Assert.InRange(seen.Length, 44 + (2 * 96_000), long.MaxValue);
    }

    [Fact]
    public void Where_one_file_ends_the_next_goes_on()
    {
        using var folder = new TemporaryFolder();
        var samples = Tones.Make(440, 48_000, 5000);
        using (var writer = new WavWriter(folder["a.wav"], maxDataLength: 4001)) writer.Write(samples);
        var read = new List<float>();
        foreach (var name in new[] { "a.wav", "a-2.wav", "a-3.wav" })
        {
            using var reader = new WavReader(folder[name]);
            var part = new float[3000];
            read.AddRange(part[..reader.Read(part)]);
        }

        Assert.Equal(5000, read.Count);
        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], read[i], 0.00005);
        Assert.Equal(3, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var failure = Assert.Throws<ParleyException>(() => new WavWriter(folder["no/such/a.wav"]));
        Assert.Equal(ParleyError.Media, failure.Error);
        Assert.Contains("a.wav cannot be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_to_be()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a disk that is always full.");
        var failure = Assert.Throws<ParleyException>(() =>
        {
            using var writer = new WavWriter("/dev/full");
            writer.Write(new float[48_000]);
        });
        Assert.Equal(ParleyError.Media, failure.Error);
    }
}
