using Parley.Media.Mixing;

namespace Parley.Quality;

/// <summary>What Parley is compared with: each packet is played at one fixed time after it was sent, with FEC; then encoded and decoded once more, as by a mixer.</summary>
internal static class FixedBuffer
{
    public static Heard Run(Speech speech, byte[][] packets, NetworkPath path, int seed, int ticks, double delayMs)
    {
        var heard = new Heard(new float[ticks * AudioFormat.FrameSamples]);
        using var decoder = new OpusDecoder();
        using var mixEncoder = new OpusEncoder(new AudioMixerOptions().Encoder with { ExpectedLossPercent = 0, CeltOnly = true, Complexity = 0 });
        using var listener = new OpusDecoder();
        var arrivals = path.Arrivals(packets.Length, seed);
        var frame = new float[AudioFormat.FrameSamples];
        var mix = new byte[AudioFormat.MaxEncodedBytes];
        var first = (int)Math.Ceiling((path.SentMs(0) + delayMs) / 20);
        for (var tick = 0; tick < ticks; tick++)
        {
            Array.Clear(frame);
            var i = tick - first;
            if (i >= 0 && i < packets.Length)
            {
                if (HasCome(i)) decoder.Decode(packets[i], frame);
                else if (i + 1 < packets.Length && HasCome(i + 1) && HasFec(packets[i + 1])) decoder.DecodeFec(packets[i + 1], frame);
                else decoder.Conceal(frame);
                if (speech.IsSpeech[i]) Count(i);
            }

            for (var n = 0; n < frame.Length; n++) frame[n] = Math.Clamp(frame[n], -1, 1);
            listener.Decode(mix.AsSpan(0, mixEncoder.Encode(frame, mix)), heard.Next(AudioFormat.FrameSamples));

            bool HasCome(int packet) => arrivals[packet] <= tick * 20;

            void Count(int packet)
            {
                heard.Speech += AudioFormat.FrameSamples;
                heard.DelaysMs.Add((tick * 20) - path.SentMs(packet));
                if (!HasCome(packet) && !(packet + 1 < packets.Length && HasCome(packet + 1) && HasFec(packets[packet + 1])))
                {
                    heard.Concealed += AudioFormat.FrameSamples;
                }
            }
        }

        return heard;
    }

    private static bool HasFec(byte[] packet) => OpusPacket.TryParse(packet, out var parsed) && parsed.HasFec;
}
