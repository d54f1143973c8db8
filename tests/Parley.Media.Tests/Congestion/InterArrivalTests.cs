using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

public sealed class InterArrivalTests
{
    private readonly InterArrival _groups = new();

    private (double Send, double Arrival)? Add(double sent, double arrival, double? now = null) =>
        _groups.TryGetDeltas(Ms(sent), Ms(arrival), Ms(now ?? sent + 50), out var send, out var late)
            ? (send.TotalMilliseconds, late.TotalMilliseconds) : null;

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact]
    public void What_is_sent_within_five_milliseconds_is_one_group()
    {
        Assert.Null(Add(0, 100));
        Assert.Null(Add(5, 107));
        Assert.Null(Add(20, 120));
        Assert.Null(Add(24, 131));

        // The last of each group: sent 5 and 24, arrived 107 and 131.
        Assert.Equal((19, 24), Add(40, 145));
    }

    [Fact] // libwebrtc and str0m: packets that queued together and come as one burst
    public void What_arrives_in_a_burst_is_one_group_for_a_hundred_milliseconds()
    {
        Add(0, 100);
        Add(10, 200);
        for (var sent = 20; sent <= 200; sent += 10)
        {
            Assert.Null(Add(sent, 200 + sent / 10));
        }

        Assert.Equal((200, 120), Add(400, 420));
    }

    [Fact]
    public void A_packet_sent_before_the_group_is_left_out()
    {
        Add(0, 100);
        Add(20, 120);
        Assert.Null(Add(10, 180));
        Assert.Equal((20, 20), Add(40, 140));
    }

    [Fact] // libwebrtc: kReorderedResetThreshold, 3
    public void Groups_that_arrived_out_of_order_are_left_out_and_three_in_a_row_begin_anew()
    {
        Add(0, 1000);
        Add(20, 1020);
        Assert.Equal((20, 20), Add(40, 900));
        Assert.Null(Add(60, 800));
        Assert.Null(Add(80, 700));
        Assert.Null(Add(100, 600));
        Add(120, 620);
        Assert.Null(Add(140, 640));
        Assert.Equal((20, 20), Add(160, 660));
    }

    [Fact] // libwebrtc: kArrivalTimeOffsetThreshold, 3 s
    public void A_clock_that_leaps_begins_anew()
    {
        Add(0, 100);
        Add(20, 120);
        Add(40, 140 + 5_000);
        Assert.Null(Add(60, 160 + 5_000));
        Add(80, 180 + 5_000);
        Add(100, 200 + 5_000);
        Assert.Equal((20, 20), Add(120, 220 + 5_000));
    }
}
