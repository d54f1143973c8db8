using Parley.Client.Audio;

namespace Parley.Client.Tests.Audio;

public sealed class WavSourceAndSinkTests
{
    [Fact]
    public void A_file_plays_as_a_microphone_to_its_end()
    {
        var samples = Tones.Make(440, 48_000, 100_000);
        using var source = new WavSource(Reader(samples), loop: false);
        var played = Play(source, 105);
        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], played[i], 0.00005);
        Assert.All(played.Skip(samples.Length), sample => Assert.Equal(0, sample));
        Assert.False(source.TryRead(new float[AudioFormat.FrameSamples]));
        Assert.True(source.IsEnded);
    }

    [Fact]
    public void A_file_that_loops_has_no_seam()
    {
        // A whole number of periods, so that its tone goes on where it begins again.
        using var source = new WavSource(Reader(Tones.Make(480, 48_000, 1000)), loop: true);
        var played = Play(source, 100).ToArray();
        Assert.InRange(Tones.NoiseDb(played, 480), double.NegativeInfinity, -70);
        Assert.False(source.IsEnded);
    }

    [Fact]
    public void What_is_heard_is_written_to_the_last_sample()
    {
        using var folder = new TemporaryFolder();
        var samples = Tones.Make(440, 48_000, 96_000);
        using (var sink = new WavSink(folder["heard.wav"]))
        {
            for (var i = 0; i < samples.Length; i += AudioFormat.FrameSamples) sink.Write(samples.AsSpan(i, AudioFormat.FrameSamples));
            Assert.Null(sink.Failure);
        }

        using var reader = new WavReader(folder["heard.wav"]);
        var read = new float[100_000];
        Assert.Equal(96_000, reader.Read(read));
        for (var i = 0; i < samples.Length; i++) Assert.Equal(samples[i], read[i], 0.00005);
    }

    private static WavReader Reader(float[] samples) =>
        new(new MemoryStream(WavBytes.Make(3, 32, 1, 48_000, WavBytes.Encode(samples, 3, 32, 1))), "sound.wav");

    /// <summary>Reads as fast as frames come; the source's own thread may be behind for a moment.</summary>
    private static List<float> Play(WavSource source, int frames)
    {
        var played = new List<float>();
        var frame = new float[AudioFormat.FrameSamples];
        var wait = new SpinWait();
        while (frames > 0 && !source.IsEnded)
        {
            if (source.TryRead(frame))
            {
                played.AddRange(frame);
                frames--;
            }
            else
            {
                wait.SpinOnce();
            }
        }

        return played;
    }
}
