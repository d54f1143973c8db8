using Parley.Media.Congestion;

namespace Parley.Media.Tests.Congestion;

/// <summary>The cases and numbers of libwebrtc's alr_detector_unittest, which JVB's AlrDetectorTest repeats.</summary>
public sealed class ApplicationLimitedDetectorTests
{
    private const int Bitrate = 300_000;

    private readonly ApplicationLimitedDetector _detector = new();
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public ApplicationLimitedDetectorTests() => _detector.SetEstimate(Bitrate);

    private bool After(int milliseconds, int percent)
    {
        for (var t = 0; t < milliseconds; t += 10)
        {
            _now += TimeSpan.FromMilliseconds(10);
            _detector.OnSent(Bitrate * percent / 100 / 800, _now);
        }

        return _detector.IsApplicationLimited;
    }

    [Fact] // AlrDetection
    public void Little_use_begins_it_and_full_use_ends_it()
    {
        Assert.False(_detector.IsApplicationLimited);
        Assert.False(After(1_000, 90));
        Assert.True(After(1_500, 20));
        Assert.False(After(4_000, 100));
    }

    [Fact] // ShortSpike
    public void A_short_spike_does_not_end_it()
    {
        Assert.True(After(1_000, 20));
        Assert.True(After(100, 150));
        Assert.False(After(3_000, 100));
    }

    [Fact] // BandwidthEstimateChanges
    public void A_lower_estimate_ends_it_only_when_as_much_is_sent_on()
    {
        Assert.True(After(1_000, 20));
        _detector.SetEstimate(Bitrate / 5);
        Assert.True(_detector.IsApplicationLimited);
        Assert.False(After(1_000, 50));
    }

    [Fact]
    public void Nothing_sent_at_all_is_little_use()
    {
        _detector.OnSent(0, _now);
        _detector.OnSent(0, _now + TimeSpan.FromSeconds(1));
        Assert.True(_detector.IsApplicationLimited);
    }
}
