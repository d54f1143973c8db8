using Parley.Client;
using Parley.Client.Audio;
using Parley.Media.Mixing;
using Parley.Media.Rtp;
using AudioFormat = Parley.Client.Audio.AudioFormat;

namespace Parley.Terminal.Load;

/// <summary>
/// What all talkers say over and over, encoded once: a file, or two seconds that sound like speech to encoder, decoder and mixer — a voice's
/// harmonics in syllables.
/// </summary>
internal sealed class OpusLoop
{
    private const int Frames = 100;
    private const double SyllablesPerSecond = 4;

    private readonly byte[][] _packets;

    private OpusLoop(byte[][] packets) => _packets = packets;

    /// <summary>What the talkers tell of their loudness (RFC 6464): speech.</summary>
    public static AudioLevel Level { get; } = new(Voice: true, 30);

    /// <summary>How many packets there are before it begins again.</summary>
    public int Count => _packets.Length;

    /// <summary>The packet of 20 ms at a place; any place from 0 on.</summary>
    public ReadOnlySpan<byte> this[long place] => _packets[place % _packets.Length];

    /// <summary>Encodes it.</summary>
    /// <param name="speech">A WAV file; null for what sounds like speech.</param>
    /// <exception cref="ParleyException">There is no Opus library on this machine, or no such file.</exception>
    public static OpusLoop Create(string? speech)
    {
        try
        {
            using var encoder = new OpusEncoder(new OpusEncoderOptions());
            var packet = new byte[1_500];
            var packets = new List<byte[]>();
            foreach (var samples in speech is null ? Syllables() : FramesOf(speech)) packets.Add(packet[..encoder.Encode(samples, packet)]);
            return new OpusLoop([.. packets]);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new ParleyException(ParleyError.Media, e.Message, inner: e);
        }
    }

    private static IEnumerable<float[]> FramesOf(string speech)
    {
        using var reader = new WavReader(speech);
        var samples = new float[AudioFormat.FrameSamples];

        // The last, which is not full, is left out.
        while (reader.Read(samples) == samples.Length) yield return samples;
    }

    private static IEnumerable<float[]> Syllables()
    {
        var samples = new float[AudioFormat.FrameSamples];
        for (var i = 0; i < Frames; i++)
        {
            Fill(samples, (long)i * samples.Length);
            yield return samples;
        }
    }

    private static void Fill(Span<float> samples, long from)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var time = (double)(from + i) / AudioFormat.SampleRate;
            var syllable = Math.Pow(Math.Sin(Math.PI * SyllablesPerSecond * time), 2);
            var voice = 0.0;
            for (var harmonic = 1; harmonic <= 8; harmonic++) voice += Math.Sin(2 * Math.PI * 150 * harmonic * time) / harmonic;
            samples[i] = (float)(0.1 * syllable * voice);
        }
    }
}
