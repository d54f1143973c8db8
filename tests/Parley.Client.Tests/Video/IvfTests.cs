using System.Buffers.Binary;
using CsCheck;
using Parley.Client.Tests.Audio;
using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

public sealed class IvfTests
{
    [Fact]
    public void What_is_written_reads_the_same() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Int[1, 9000]).Array[1, 10].Sample(
            frames =>
            {
                using var folder = new TemporaryFolder();
                using (var writer = new IvfWriter(folder["a.ivf"], 640, 360))
                {
                    long timestamp = 0;
                    foreach (var (frame, step) in frames) writer.Write(frame, timestamp += step);
                }

                using var reader = new IvfReader(folder["a.ivf"]);
                Assert.Equal((640, 360, (uint)frames.Length), (reader.Width, reader.Height, reader.FrameCount));
                for (var round = 0; round < 2; round++)
                {
                    long timestamp = 0;
                    foreach (var (frame, step) in frames)
                    {
                        timestamp += step;
                        Assert.True(reader.TryRead(out var read, out var at));
                        Assert.Equal(frame, read.ToArray());
                        Assert.Equal(timestamp / 90_000.0, at.TotalSeconds, 0.000001);
                    }

                    Assert.False(reader.TryRead(out _, out _));
                    reader.Rewind();
                }
            },
            iter: 30);

    [Fact]
    public void The_header_is_the_one_everybody_reads()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new IvfWriter(folder["a.ivf"], 640, 360)) writer.Write([1, 2, 3], 0x1122334455);
        Assert.Equal(
            Convert.FromHexString("444B4946" + "0000" + "2000" + "56503830" + "8002" + "6801" + "905F0100" + "01000000" + "01000000" + "00000000"
                + "03000000" + "5544332211000000" + "010203"),
            File.ReadAllBytes(folder["a.ivf"]));
    }

    [Fact]
    public void A_file_cut_off_anywhere_gives_the_frames_before()
    {
        var file = Make([[1, 2, 3], [4, 5], [6]]);
        for (var length = 32; length <= file.Length; length++)
        {
            using var reader = Open(file[..length]);
            var frames = 0;
            while (reader.TryRead(out _, out _)) frames++;
            Assert.Equal((length - 32) switch { < 15 => 0, < 29 => 1, < 42 => 2, _ => 3 }, frames);
        }
    }

    [Theory]
    [InlineData(0, 'X', "no IVF file")]
    [InlineData(11, '9', "not VP8")]
    [InlineData(6, 31, "header")]
    [InlineData(20, 0, "time")]
    public void What_is_no_VP8_in_IVF_is_said_to_be_none(int at, int value, string why)
    {
        var file = Make([[1]]);
        file[at] = (byte)value;
        var failure = Assert.Throws<ParleyException>(() => Open(file));
        Assert.Equal(ParleyError.Media, failure.Error);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Throws<ParleyException>(() => Open(file[..20]));
    }

    [Fact]
    public void A_frame_that_cannot_be_is_refused_before_it_is_read()
    {
        var file = Make([[1]]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(32), uint.MaxValue);
        using var reader = Open(file);
        Assert.Contains("4294967295 bytes", Assert.Throws<ParleyException>(() => reader.TryRead(out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_do_no_harm() =>
        Gen.Select(Gen.Int[0, 73], Gen.Byte).Array[1, 6].Sample(damage =>
        {
            var file = Make([[1, 2, 3], [4, 5], [6]]);
            foreach (var (at, value) in damage) file[at % file.Length] = value;
            try
            {
                using var reader = Open(file);
                while (reader.TryRead(out var frame, out var timestamp))
                {
                    Assert.InRange(frame.Length, 0, file.Length);
                    Assert.InRange(timestamp, TimeSpan.FromDays(-1), TimeSpan.FromDays(1));
                }
            }
            catch (ParleyException failure)
            {
                Assert.Equal(ParleyError.Media, failure.Error);
            }
        });

    [Fact]
    public void A_place_that_cannot_be_written_or_read_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("cannot be written", Assert.Throws<ParleyException>(() => new IvfWriter(folder["no/a.ivf"], 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be opened", Assert.Throws<ParleyException>(() => new IvfReader(folder["no/a.ivf"])).Message, StringComparison.Ordinal);
    }

    internal static byte[] Make(byte[][] frames)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new IvfWriter(folder["a.ivf"], 64, 48))
        {
            for (var i = 0; i < frames.Length; i++) writer.Write(frames[i], i * 900);
        }

        return File.ReadAllBytes(folder["a.ivf"]);
    }

    private static IvfReader Open(byte[] file) => new(new MemoryStream(file), "video.ivf");
}
