using CsCheck;
using Parley.Media.Video;

namespace Parley.Media.Tests.Video;

public sealed class VideoFrameBufferPropertyTests
{
    private static readonly Gen<(bool IsKeyframe, int Length)[]> Streams =
        Gen.Select(Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))), Gen.Int[5, 900]).Array[1, 30];

    [Fact]
    public void Packets_in_any_order_within_the_window_and_twice_give_the_same_frames() =>
        Gen.Select(Streams, Gen.Int[0, 60], Gen.Int).Sample((stream, disorder, seed) =>
        {
            var random = new Random(seed);
            var sender = new FrameCutter();
            var frames = new List<byte[]>();
            var packets = new List<Packet>();
            foreach (var (isKeyframe, length) in stream)
            {
                // Which of two keyframes a stream begins with is decided by what comes first, so the first frame leads.
                frames.Add(FrameCutter.Frame(frames.Count, isKeyframe || frames.Count == 0, length));
                packets.AddRange(sender.Cut(frames[^1]));
                if (random.Next(4) == 0) packets.Add(sender.Padding());
            }

            var head = packets.FindIndex(packet => packet.Marker) + 1;
            var arrivals = packets
                .Select((packet, i) => (packet, at: i < head ? -1.0 : i + (random.NextDouble() * disorder)))
                .SelectMany(a => random.Next(3) == 0 ? new[] { a, (a.packet, at: a.at + (random.NextDouble() * 20)) } : [a])
                .OrderBy(a => a.at)
                .Select(a => a.packet)
                .ToList();
            using var receiver = new BufferHarness();
            receiver.Insert(arrivals);
            Assert.Equal(frames, receiver.Bytes);
            Assert.Equal(0, receiver.KeyframesAsked);
        });

    [Fact]
    public void What_is_given_after_losses_can_be_decoded() =>
        Gen.Select(Streams, Gen.Int[0, 30], Gen.Int[0, 20], Gen.Int).Sample((stream, lossPercent, disorder, seed) =>
        {
            var random = new Random(seed);
            var sender = new FrameCutter(maxPayloadLength: 54);
            var arrivals = stream
                .SelectMany((frame, number) => sender.Cut(FrameCutter.Frame(number, frame.IsKeyframe, frame.Length)))
                .Where(_ => random.Next(100) >= lossPercent)
                .Select((packet, i) => (packet, at: i + (random.NextDouble() * disorder)))
                .OrderBy(a => a.at);
            using var receiver = new BufferHarness(maxPackets: 64);
            foreach (var (packet, _) in arrivals)
            {
                receiver.Insert(packet);
                receiver.Pass(random.Next(20));
            }

            receiver.Pass(2000);
            for (var i = 0; i < receiver.Frames.Count; i++)
            {
                var number = receiver.Frames[i];
                Assert.Equal(FrameCutter.Frame(number, stream[number].IsKeyframe, stream[number].Length), receiver.Bytes[i]);
                Assert.True(stream[number].IsKeyframe || (i > 0 && receiver.Frames[i - 1] == number - 1), $"{number} cannot be decoded");
            }

            // Without loss, and with all disorder outlived, only what comes before the first keyframe is missing.
            var firstKeyframe = Array.FindIndex(stream, frame => frame.IsKeyframe);
            if (lossPercent == 0 && disorder == 0 && firstKeyframe >= 0)
                Assert.Equal(Enumerable.Range(firstKeyframe, stream.Length - firstKeyframe), receiver.Frames);
        });

    [Fact]
    public void Random_packets_never_throw_and_stay_within_bounds() =>
        Gen.Select(Gen.Int[-70, 100], Gen.Int[0, 3], Gen.Bool, Gen.Byte.Array[0, 12], Gen.Int[0, 100]).Array[1, 300].Sample(script =>
        {
            using var receiver = new BufferHarness(maxPackets: 32);
            long sequence = 5;
            foreach (var (step, timestamp, marker, payload, milliseconds) in script)
            {
                sequence += step;
                receiver.Insert(new Packet(sequence, timestamp, marker, payload));
                receiver.Pass(milliseconds);
                Assert.InRange(receiver.Buffer.HeldPackets, 0, 32);
            }

            receiver.Pass(5000);
            receiver.Dispose();
            Assert.Equal(0, receiver.Pool.Missing);
        });
}
