using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

public sealed class SendHistoryTests
{
    private readonly SendHistory _history = new();

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact]
    public void A_packet_is_found_by_its_number_also_across_its_wrap()
    {
        for (var i = 1; i <= 200_000; i++)
        {
            var number = _history.Add(i % 1_400, i % 256, Ms(i));
            Assert.Equal((ushort)i, number);
            Assert.True(_history.TryFind(number, out var index, out _));
            Assert.Equal(i % 1_400, _history[index].Bytes);
            Assert.Equal(Ms(i), _history[index].SentAt(Ms(i + 3_000)));
            Assert.Equal(i % 256, _history[index].Probe);
        }
    }

    [Fact]
    public void What_was_not_sent_is_not_found()
    {
        Assert.False(_history.TryFind(0, out _, out _));
        Assert.False(_history.TryFind(1, out _, out var isAhead));
        Assert.True(isAhead);
        for (var i = 0; i < 10; i++) _history.Add(100, 0, Ms(i));
        Assert.True(_history.TryFind(10, out _, out _));
        Assert.False(_history.TryFind(11, out _, out isAhead));
        Assert.True(isAhead);
        Assert.False(_history.TryFind(0, out _, out isAhead));
        Assert.False(_history.TryFind(60_000, out _, out isAhead));
        Assert.False(isAhead);
    }

    [Fact]
    public void It_grows_while_packets_may_still_be_reported_and_no_further()
    {
        for (var i = 0; i < 1_000; i++) _history.Add(100, 0, Ms(100 * i));
        Assert.Equal(SendHistory.MinCapacity, _history.Capacity);
        for (var i = 0; i < 1_000; i++) _history.Add(100, 0, Ms(100_000 + i));
        Assert.Equal(1_024, _history.Capacity);
        Assert.True(_history.TryFind(1_001, out var index, out _));
        Assert.Equal(Ms(100_000), _history[index].SentAt(Ms(101_000)));
        for (var i = 0; i < 100_000; i++) _history.Add(100, 0, Ms(101_000));
        Assert.Equal(SendHistory.MaxCapacity, _history.Capacity);
    }

    [Fact]
    public void What_was_reported_makes_room()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(_history.TryFind(_history.Add(100, 0, Ms(i)), out var index, out _));
            _history[index].State = SentPacketState.Received;
        }

        Assert.Equal(SendHistory.MinCapacity, _history.Capacity);
    }

    [Fact]
    public void What_is_forgotten_is_not_found()
    {
        var number = _history.Add(100, 0, Ms(0));
        _history.Forget();
        Assert.False(_history.TryFind(number, out _, out _));
        Assert.True(_history.TryFind(_history.Add(100, 0, Ms(0)), out _, out _));
    }

    [Fact]
    public void The_receivers_clock_goes_on_across_its_wraps()
    {
        var period = TimeSpan.FromMilliseconds((1 << 24) * 64.0);
        var clock = new ArrivalClock();
        var start = period / 2 - TimeSpan.FromSeconds(1);
        Assert.Equal(start, clock.Unwrap(start));
        Assert.Equal(start + TimeSpan.FromSeconds(2), clock.Unwrap(start + TimeSpan.FromSeconds(2) - period));
        Assert.Equal(start, clock.Unwrap(start));
    }
}
