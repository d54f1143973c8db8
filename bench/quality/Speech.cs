using System.ComponentModel;
using System.Diagnostics;
using Parley.Client.Audio;
using AudioFormat = Parley.Media.Mixing.AudioFormat;

namespace Parley.Quality;

/// <summary>Some 20 seconds of one espeak-ng voice, in whole packets.</summary>
internal sealed class Speech
{
    private const float SpeechPower = 1e-4f; // −40 dBov.

    private static readonly (string Voice, string Text)[] Speakers =
    [
        ("en-gb", "The meeting begins at ten. Who would like to speak first? I have read the report, and there are three things that I do not understand. "
            + "First, the figures of the second quarter. They differ from what was told in May. Second, who decides how much is spent, and when?"),
        ("en-us+f3", "We said that the old building would be sold by the end of the year. Is that still true? Thank you. I shall answer in that order. "
            + "The figures were corrected in June, after the audit. The board decides, on the first Monday of each month. And the building is sold."),
        ("en-us+m3", "Six small ships were seen on Sunday, sailing south past the lighthouse. Nobody knows whose they were. A zoo keeper fed five "
            + "shy giraffes with fresh figs; which of them was the youngest? Please, tell me what you think about it, and do not hurry."),
    ];

    private Speech(float[] samples)
    {
        Samples = samples;
        IsSpeech = [.. samples.Chunk(AudioFormat.FrameSamples).Select(frame => frame.Average(sample => sample * sample) > SpeechPower)];
    }

    /// <summary>At 48 kHz, at most ±0.5.</summary>
    public float[] Samples { get; }

    /// <summary>For each packet whether somebody speaks in it.</summary>
    public bool[] IsSpeech { get; }

    /// <summary>How many packets of 20 ms it makes.</summary>
    public int Packets => IsSpeech.Length;

    /// <summary>Has the first of the speakers speak.</summary>
    /// <exception cref="InvalidOperationException">There is no espeak-ng.</exception>
    public static List<Speech> Record(int speakers)
    {
        var folder = Directory.CreateTempSubdirectory("quality-").FullName;
        try
        {
            return [.. Speakers.Take(speakers).Select(speaker => Record(Path.Combine(folder, "speech.wav"), speaker.Voice, speaker.Text))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Speech Record(string path, string voice, string text)
    {
        try
        {
            using var espeak = Process.Start(new ProcessStartInfo("espeak-ng") { ArgumentList = { "-v", voice, "-w", path, text } })!;
            espeak.WaitForExit();
            if (espeak.ExitCode != 0) throw new InvalidOperationException($"espeak-ng ended with {espeak.ExitCode}.");
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("There is no espeak-ng, which speaks what is sent: 'apt-get install espeak-ng'.");
        }

        using var wav = new WavReader(path);
        var samples = new float[(int)(wav.Duration.TotalSeconds * AudioFormat.SampleRate) / AudioFormat.FrameSamples * AudioFormat.FrameSamples];
        wav.Read(samples);
        var loudest = samples.Max(Math.Abs);
        for (var i = 0; i < samples.Length; i++) samples[i] *= 0.5f / loudest;
        return new Speech(samples);
    }
}
