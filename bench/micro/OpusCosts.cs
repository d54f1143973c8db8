using System.Diagnostics;
using System.Runtime.InteropServices;
using Parley.Media.Mixing;

namespace Parley.Micro;

/// <summary>
/// What an encode of 20 ms of speech takes, and what is left of it: how far the level of each third of an octave is off, and the segmental
/// signal-to-noise ratio. The first tells of the sound, the second of the wave; SILK keeps less of the wave than it sounds.
/// </summary>
internal static class OpusCosts
{
    private const int Rounds = 3;

    /// <summary>How much later the decoder gives it: 4 ms for SILK, 2.5 ms of CELT's own (opus_encoder's OPUS_GET_LOOKAHEAD).</summary>
    private const int Lookahead = 312;

    private static readonly (int Complexity, int Kilobits, bool CeltOnly, int Loss)[] Ways =
    [
        (5, 32, false, 0), (4, 51, false, 0), (10, 32, false, 0), (0, 32, false, 0), (5, 32, false, 10), (0, 32, false, 10),
        (0, 24, true, 0), (0, 32, true, 0), (0, 40, true, 0), (0, 48, true, 0), (0, 64, true, 0), (1, 48, true, 0), (2, 48, true, 0), (3, 48, true, 0), (5, 32, true, 0), (5, 48, true, 0), (5, 64, true, 0),
    ];

    public static void Print()
    {
        var one = Read();
        var three = new float[one.Length];
        for (var i = 0; i < three.Length; i++) three[i] = 0.6f * (one[i] + one[(i + (one.Length / 3)) % one.Length] + one[(i + (2 * one.Length / 3)) % one.Length]);
        Console.WriteLine("Opus, mono, 20 ms                  one voice: µs   off dB   SNR dB      three: µs   off dB   SNR dB");
        foreach (var (complexity, kilobits, celtOnly, loss) in Ways)
        {
            var options = new OpusEncoderOptions { Complexity = complexity, Bitrate = kilobits * 1_000, CeltOnly = celtOnly, ExpectedLossPercent = loss };
            var (a, b) = (Measure(one, options), Measure(three, options));
            Console.WriteLine($"  {(celtOnly ? "CELT" : "voice")} c{complexity} {kilobits} kb/s loss {loss,-12} {a.Time,18:0.0} {a.Off,8:0.00} {a.Snr,8:0.00} {b.Time,14:0.0} {b.Off,8:0.00} {b.Snr,8:0.00}");
        }
    }

    private static (double Time, double Off, double Snr) Measure(float[] speech, OpusEncoderOptions options)
    {
        var heard = new float[speech.Length];
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            using var encoder = new OpusEncoder(options);
            using var decoder = new OpusDecoder();
            var packet = new byte[AudioFormat.MaxEncodedBytes];
            var took = 0L;
            for (var at = 0; at + AudioFormat.FrameSamples <= speech.Length; at += AudioFormat.FrameSamples)
            {
                var began = Stopwatch.GetTimestamp();
                var length = encoder.Encode(speech.AsSpan(at, AudioFormat.FrameSamples), packet);
                took += Stopwatch.GetTimestamp() - began;
                decoder.Decode(packet.AsSpan(0, length), heard.AsSpan(at, AudioFormat.FrameSamples));
            }

            best = Math.Min(best, took * 1e6 / Stopwatch.Frequency / (speech.Length / AudioFormat.FrameSamples));
        }

        return (best, SpectralDistance(speech, heard), SegmentalSnr(speech, heard));
    }

    private static double SegmentalSnr(float[] speech, float[] heard)
    {
        var (sum, count) = (0.0, 0);
        for (var at = 0; at + AudioFormat.FrameSamples + Lookahead <= speech.Length; at += AudioFormat.FrameSamples)
        {
            var (signal, noise) = (1e-12, 1e-12);
            for (var i = at; i < at + AudioFormat.FrameSamples; i++)
            {
                signal += speech[i] * speech[i];
                noise += Math.Pow(speech[i] - heard[i + Lookahead], 2);
            }

            if (signal / AudioFormat.FrameSamples < 1e-5) continue;
            sum += Math.Clamp(10 * Math.Log10(signal / noise), -10, 35);
            count++;
        }

        return sum / count;
    }

    private static double SpectralDistance(float[] speech, float[] heard)
    {
        const int Window = 1_024;
        var bands = Enumerable.Range(0, 20).Select(i => (int)Math.Round(120 * Math.Pow(2, i / 3.0) * Window / AudioFormat.SampleRate)).Distinct().ToArray();
        var (sum, count) = (0.0, 0);
        for (var at = 0; at + Window + Lookahead <= speech.Length; at += Window)
        {
            var (a, b) = (Powers(speech.AsSpan(at, Window), bands), Powers(heard.AsSpan(at + Lookahead, Window), bands));
            if (a.Sum() < 1e-5 * Window * Window / 8) continue;
            var floor = a.Max() * 1e-6; // What is 60 dB below the loudest band is not heard beside it.
            sum += Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(10 * Math.Log10((x + floor) / (y + floor)), 2)).Average());
            count++;
        }

        return sum / count;
    }

    private static double[] Powers(ReadOnlySpan<float> samples, int[] bands)
    {
        var powers = new double[bands.Length - 1];
        for (var band = 0; band < powers.Length; band++)
        {
            for (var k = bands[band]; k < bands[band + 1]; k++)
            {
                var (re, im) = (0.0, 0.0);
                for (var i = 0; i < samples.Length; i++)
                {
                    var weight = (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / samples.Length))) * samples[i];
                    var (sin, cos) = Math.SinCos(2 * Math.PI * k * i / samples.Length);
                    re += weight * cos;
                    im += weight * sin;
                }

                powers[band] += (re * re) + (im * im);
            }
        }

        return powers;
    }

    private static float[] Read()
    {
        using var espeak = Process.Start(new ProcessStartInfo("espeak-ng")
        {
            ArgumentList = { "--stdout", "The meeting begins at ten. Who would like to speak first? I have read the report, and there are three things that I do not understand." },
            RedirectStandardOutput = true,
        })!;
        using var memory = new MemoryStream();
        espeak.StandardOutput.BaseStream.CopyTo(memory);
        espeak.WaitForExit();
        var wav = MemoryMarshal.Cast<byte, short>(memory.ToArray().AsSpan(44));
        var rate = 22_050;
        var speech = new float[(int)((long)(wav.Length - 1) * AudioFormat.SampleRate / rate)];
        for (var i = 0; i < speech.Length; i++)
        {
            var place = i * (double)rate / AudioFormat.SampleRate;
            var n = (int)place;
            speech[i] = (float)((wav[n] + ((wav[Math.Min(n + 1, wav.Length - 1)] - wav[n]) * (place - n))) / 65_536);
        }

        return speech;
    }
}
