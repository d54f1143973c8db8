using System.Runtime.CompilerServices;
using Parley.Media.Mixing;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    // The registry is filled before Main or a test reads it, by each target's own file: that is what the initializer is for.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RegisterOpus() => All["opus"] = input =>
    {
        using var decoder = new OpusDecoder();
        var samples = new float[AudioFormat.MaxPacketSamples];
        var isFraming = OpusPacket.TryParse(input, out var packet);
        var decoded = decoder.Decode(input, samples);
        if (input.Length <= AudioFormat.MaxPacketBytes && decoded != (isFraming ? packet.Samples : 0))
        {
            throw new InvalidOperationException($"Framing says {packet}, libopus decoded {decoded} samples");
        }

        decoder.DecodeFec(input, samples.AsSpan(0, AudioFormat.FrameSamples));

        // The same bytes as a script of arrivals: steps in sequence, timestamp and time, then a few bytes of payload.
        var buffer = new JitterBuffer(new JitterBufferOptions());
        long sequence = 0, timestamp = 0;
        var now = TimeSpan.Zero;
        for (; input.Length >= 6; input = input[6..])
        {
            sequence += (sbyte)input[0];
            timestamp += (sbyte)input[1] * 120;
            now += TimeSpan.FromMilliseconds(input[2] % 64);
            buffer.Insert(sequence, timestamp, now, input[3..6]);
            for (var filled = 0; filled < AudioFormat.FrameSamples;)
            {
                var frame = buffer.Next(now);
                if (frame.Skip < 0 || frame.Skip >= frame.Samples) throw new InvalidOperationException("A frame without samples");
                filled += frame.Samples - frame.Skip;
            }

            if (buffer.Held > TimeSpan.FromMilliseconds(250)) throw new InvalidOperationException($"Holds {buffer.Held}");
        }
    };
}
