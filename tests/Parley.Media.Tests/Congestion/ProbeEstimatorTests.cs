using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>The cases and numbers of libwebrtc's probe_bitrate_estimator_unittest, which JVB's ProbeBitrateEstimatorTest repeats.</summary>
public sealed class ProbeEstimatorTests
{
    private readonly ProbeEstimator _estimator = new();

    private void Start(int id = 1, int packets = 5, int bytes = 5_000) =>
        _estimator.Start(new ProbeCluster(id, 1_000_000, packets, TimeSpan.FromMilliseconds(15), bytes));

    private long? Feed(byte id, params (int Bytes, double Sent, double Arrival)[] packets)
    {
        long? last = null;
        foreach (var (bytes, sent, arrival) in packets)
        {
            last = _estimator.OnReceived(id, bytes, TimeSpan.FromMilliseconds(sent), TimeSpan.FromMilliseconds(arrival))?.Bitrate;
        }

        return last;
    }

    public static TheoryData<string, long?, int, int, (int, double, double)[]> Cases => new()
    {
        { "OneCluster", 800_000, 5, 5_000, [(1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40)] },
        { "OneClusterTooFewProbes", null, 5, 5_000, [(1000, 0, 10), (1000, 10, 20), (1000, 20, 30)] },
        { "OneClusterTooFewBytes", null, 5, 6_000, [(1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40)] },
        { "SmallCluster", 120_000, 5, 1_000, [(150, 0, 10), (150, 10, 20), (150, 20, 30), (150, 30, 40), (150, 40, 50), (150, 50, 60)] },
        { "LargeCluster", 100_000_000, 30, 312_500, [.. Enumerable.Range(0, 25).Select(i => (12_500, (double)i, i + 5.0))] },
        { "FastReceive", 800_000, 5, 5_000, [(1000, 0, 15), (1000, 10, 30), (1000, 20, 35), (1000, 30, 40)] },
        { "TooFastReceive", null, 5, 5_000, [(1000, 0, 19), (1000, 10, 22), (1000, 20, 25), (1000, 30, 27)] },
        { "SlowReceive", 304_000, 5, 5_000, [(1000, 0, 10), (1000, 10, 40), (1000, 20, 70), (1000, 30, 85)] },
        { "BurstReceive", null, 5, 5_000, [(1000, 0, 50), (1000, 10, 50), (1000, 20, 50), (1000, 30, 50)] },
        { "IgnoreSizeLastSendPacket", 800_000, 5, 5_000, [(1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40), (1500, 40, 50)] },
        { "IgnoreSizeFirstReceivePacket", 760_000, 5, 5_000, [(1500, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40)] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_probe_measures_the_lower_of_both_rates(string name, long? expected, int packets, int bytes, (int, double, double)[] fed)
    {
        Start(1, packets, bytes);
        var result = Feed(1, fed);

        Assert.True(expected is null ? result is null : Math.Abs(expected.Value - result!.Value) <= 10, $"{name}: {result}");
    }

    [Fact] // MultipleClusters
    public void Probes_are_measured_apart()
    {
        Start();
        Assert.Equal(456_000, Feed(1, (1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 40, 60)));
        Assert.Equal(640_000, Feed(1, (1000, 50, 60)));
        Start(2);
        Assert.Equal(1_140_000, Feed(2, (1000, 60, 70), (1000, 65, 77), (1000, 70, 84), (1000, 75, 90)));
    }

    [Fact] // IgnoreOldClusters
    public void A_packet_seconds_later_measures_nothing()
    {
        Start();
        Feed(1, (1000, 0, 10), (1000, 10, 20), (1000, 20, 30));
        Assert.Null(Feed(1, (1000, 6_040, 6_060)));
    }

    [Fact]
    public void What_belongs_to_no_probe_of_ours_is_ignored()
    {
        Start();
        for (var i = 0; i < 4; i++) Start(2 + i);
        Assert.Null(Feed(1, (1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40)));
        Assert.Null(Feed(77, (1000, 0, 10), (1000, 10, 20), (1000, 20, 30), (1000, 30, 40)));
    }
}
