using Parley.Media.Mixing;

namespace Parley.Micro;

/// <summary>A tick of the mixer by how many listen, without what sending costs; and the encoder by how hard it tries.</summary>
internal static class MixCosts
{
    private const int Ticks = 200;

    private static readonly int[] Sizes = [5, 50, 500, 2_000], Complexities = [5, 0, 3, 8];

    public static void Print()
    {
        Race.Print("one tick, nobody speaks", Ticks, [.. Ways(talkers: 0)]);
        Race.Print("one tick, one speaks", Ticks, [.. Ways(talkers: 1)]);
        Race.Print("one tick, three speak at once", Ticks, [.. Ways(talkers: 3)]);
        Race.Print("one encode of 20 ms", Ticks, [.. Complexities.Select(complexity => ($"complexity {complexity}", Encode(complexity)))]);
    }

    private static IEnumerable<(string Name, Action Run)> Ways(int talkers)
    {
        foreach (var participants in Sizes) yield return ($"{participants} participants", Mix(participants, talkers));
    }

    private static Action Mix(int participants, int talkers)
    {
        var mixer = new AudioMixer(new AudioMixerOptions());
        var inboxes = Enumerable.Range(0, participants).Select(_ => new AudioInbox()).ToList();
        foreach (var inbox in inboxes) mixer.Add(inbox);
        var packets = Packets(5).ToList();
        var (sink, tick) = (new Nobody(), 0L);
        return () =>
        {
            for (var i = 0; i < Ticks; i++, tick++)
            {
                var packet = packets[(int)(tick % packets.Count)];
                for (var talker = 0; talker < talkers; talker++) inboxes[talker].TryWrite(tick, tick * AudioFormat.FrameSamples, AudioFormat.Tick * tick, packet);
                mixer.Tick(AudioFormat.Tick * tick, sink);
            }
        };
    }

    private static Action Encode(int complexity) => () =>
    {
        foreach (var _ in Packets(complexity))
        {
        }
    };

    /// <summary>Harmonics of a gliding pitch, as of a voice.</summary>
    private static IEnumerable<byte[]> Packets(int complexity)
    {
        using var encoder = new OpusEncoder(new OpusEncoderOptions { Complexity = complexity, ExpectedLossPercent = 0 });
        var samples = new float[AudioFormat.FrameSamples];
        var packet = new byte[AudioFormat.MaxEncodedBytes];
        var phase = 0.0;
        for (var i = 0; i < Ticks; i++)
        {
            for (var n = 0; n < samples.Length; n++)
            {
                var time = ((i * samples.Length) + n) / (double)AudioFormat.SampleRate;
                phase += 2 * Math.PI * (140 + (40 * Math.Sin(8 * time))) / AudioFormat.SampleRate;
                samples[n] = 0.1f * (float)(Math.Sin(phase) + (Math.Sin(2 * phase) / 2) + (Math.Sin(5 * phase) / 5) + (Math.Sin(19 * phase) / 19));
            }

            yield return packet[..encoder.Encode(samples, packet)];
        }
    }

    private sealed class Nobody : IMixedAudioSink
    {
        public void OnMixedFrame(MixerParticipant listener, ReadOnlySpan<byte> opusPayload, uint timestampIncrement, bool isDtx)
        {
        }
    }
}
