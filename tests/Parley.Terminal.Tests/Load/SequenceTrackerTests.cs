using CsCheck;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class SequenceTrackerTests
{
    [Fact]
    public void What_is_missing_between_the_first_and_the_last_is_lost_and_what_comes_after_later_ones_is_reordered() =>
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Bool.Array[1, 100], Gen.Int[0, 5], Gen.Int[0, 1_000_000]).Sample((first, comes, disorder, seed) =>
        {
            // Each packet is late by up to so many others.
            var random = new Random(seed);
            long[] arrivals = [.. comes.Index().Where(packet => packet.Item).Select(packet => (Number: first + packet.Index, Place: packet.Index + random.Next(disorder + 1)))
                .OrderBy(packet => packet.Place).Select(packet => packet.Number)];
            var tracker = default(SequenceTracker);
            var (highest, late) = (long.MinValue, 0);
            foreach (var number in arrivals)
            {
                tracker.OnPacket(number);
                if (number < highest) late++;
                highest = Math.Max(highest, number);
            }

            Assert.Equal(arrivals.Length, tracker.Received);
            Assert.Equal(late, tracker.Reordered);
            Assert.Equal(arrivals.Length == 0 ? 0 : arrivals.Max() - arrivals.Min() + 1, tracker.Expected);
        });

    [Fact]
    public void A_late_packet_is_no_longer_lost()
    {
        var tracker = default(SequenceTracker);
        foreach (var number in (long[])[70_000, 70_001, 70_003]) tracker.OnPacket(number);
        Assert.Equal((4, 3, 0), (tracker.Expected, tracker.Received, tracker.Reordered));
        tracker.OnPacket(70_002);
        Assert.Equal((4, 4, 1), (tracker.Expected, tracker.Received, tracker.Reordered));
    }
}
