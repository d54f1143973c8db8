using System.Diagnostics;
using Parley.Client.Tests.Audio;
using Parley.Client.Video;

namespace Parley.Client.Tests.Video;

/// <summary>VP8 decodes to the same bits everywhere (RFC 6386 §5): ffmpeg's own decoder says whether ours, and our files, are right.</summary>
public sealed class FfmpegAgreesTests
{
    [Fact]
    public async Task A_recording_decodes_to_the_same_bits_in_ffmpeg()
    {
        using var folder = new TemporaryFolder();
        using var decoded = new MemoryStream();
        using (var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 162, Height = 91, BitrateKbps = 200 }))
        using (var decoder = new Vp8Decoder())
        using (var writer = new IvfWriter(folder["a.ivf"], 162, 91))
        {
            var copy = new I420Frame(162, 91);
            for (var i = 0; i < 20; i++)
            {
                var frame = encoder.Encode(TestPictures.Paint(162, 91, i).View, TimeSpan.FromMilliseconds(40 * i), i == 11, out _);
                writer.Write(frame, i * 3600);
                Assert.True(decoder.TryDecode(frame, out var picture));
                copy.CopyFrom(in picture);
                decoded.Write(copy.Bytes);
            }
        }

        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "-v", "error", "-c:v", "vp8", "-i", folder["a.ivf"], "-f", "rawvideo", "-pix_fmt", "yuv420p", "-vsync", "0", "-" })
            start.ArgumentList.Add(argument);
        using var ffmpeg = Process.Start(start)!;
        ffmpeg.StandardInput.Close();
        using var theirs = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(theirs, TestContext.Current.CancellationToken);
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, ffmpeg.ExitCode);
        Assert.Equal(decoded.Length, theirs.Length);
        Assert.True(decoded.ToArray().AsSpan().SequenceEqual(theirs.ToArray()));
    }
}
