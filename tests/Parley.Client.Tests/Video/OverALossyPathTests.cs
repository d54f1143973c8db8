using Parley.Client.Video;
using Parley.Media.Video;

namespace Parley.Client.Tests.Video;

/// <summary>A camera's pictures through packets that are lost, late, out of order and sent again, up to the picture that is seen.</summary>
public sealed class OverALossyPathTests
{
    private const int Frames = 300;
    private const int FrameMilliseconds = 33;

    [Theory]
    [InlineData(1, 0, 0, 300)]
    [InlineData(2, 0, 40, 300)]
    [InlineData(3, 5, 40, 160)]
    [InlineData(4, 20, 80, 60)]
    public void Every_picture_seen_is_the_one_that_was_taken(int seed, int lossPercent, int jitterMilliseconds, int atLeast)
    {
        var random = new Random(seed);
        using var encoder = new Vp8Encoder(new Vp8EncoderSettings { Width = 160, Height = 90, BitrateKbps = 400 });
        using var decoder = new Vp8Decoder();
        using var buffer = new VideoFrameBuffer();
        buffer.SetRoundTripTime(TimeSpan.FromMilliseconds(100));
        var arrivals = new PriorityQueue<(long Sequence, long Timestamp, bool Marker, byte[] Payload), double>();
        var payload = new byte[300];
        var (sequence, isKeyframeAsked) = (0L, false);
        var seen = new List<long>();

        void ReceiveUntil(double milliseconds)
        {
            while (arrivals.TryPeek(out var packet, out var at) && at <= milliseconds)
            {
                arrivals.Dequeue();
                var now = TimeSpan.FromMilliseconds(at);
                buffer.HandleTimeout(now);
                Show();
                buffer.Insert(packet.Sequence, packet.Timestamp, packet.Marker, packet.Payload, now);
                Show();
            }
        }

        void Show()
        {
            while (buffer.TryTake(out var info, out var frame))
            {
                var number = info.Timestamp / 2970;
                Assert.True(decoder.TryDecode(frame, out var picture), $"Frame {number} cannot be decoded");
                Assert.InRange(TestPictures.Psnr(TestPictures.Paint(160, 90, (int)number).View, picture), 27, 100);
                seen.Add(number);
            }

            isKeyframeAsked |= buffer.TakeKeyframeNeeded();
        }

        for (var i = 0; i < Frames; i++)
        {
            var now = i * FrameMilliseconds;
            ReceiveUntil(now);
            var frame = encoder.Encode(TestPictures.Paint(160, 90, i).View, TimeSpan.FromMilliseconds(now), isKeyframeAsked, out _);
            isKeyframeAsked = false;
            var packetizer = new Vp8Packetizer(frame, (ushort)i, payload.Length);
            for (; packetizer.TryNext(payload, out var length, out var isLast); sequence++)
            {
                var packet = (sequence, i * 2970L, isLast, payload[..length]);
                var delay = now + (random.NextDouble() * jitterMilliseconds);
                var isLost = random.Next(100) < lossPercent;
                if (!isLost) arrivals.Enqueue(packet, delay);

                // A retransmission comes a round trip later, nine times of ten; some come though nothing was lost.
                if (random.Next(100) < (isLost ? 90 : 2)) arrivals.Enqueue(packet, delay + 100);
            }
        }

        ReceiveUntil(double.MaxValue);
        Assert.Equal(seen.Order().Distinct(), seen);
        Assert.InRange(seen.Count, atLeast, Frames);
        Assert.InRange(seen[^1], Frames - 60, Frames - 1);
    }
}
