using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class LatenessTrackerTests
{
    private LatenessTracker _tracker;

    [Fact]
    public void A_packet_is_as_late_as_it_is_behind_the_fastest_also_across_the_timestamps_end_and_what_was_not_sent()
    {
        const uint first = uint.MaxValue - 1_000;
        Assert.Equal(0, Arrives(first, 100));
        Assert.Equal(3_000, Arrives(first + 960, 123));
        Assert.Equal(0, Arrives(unchecked(first + 1_920), 135)); // Faster than the first: it is the measure from now on.
        Assert.Equal(5_000, Arrives(unchecked(first + 2_880), 160));
        Assert.Equal(25_000, Arrives(unchecked(first + (100 * 960)), 2_120)); // After a pause.
    }

    private long Arrives(uint timestamp, double milliseconds) => _tracker.OnPacket(timestamp, TimeSpan.FromMilliseconds(milliseconds));
}
