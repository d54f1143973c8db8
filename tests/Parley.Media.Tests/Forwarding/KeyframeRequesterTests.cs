using Parley.Media.Forwarding;

namespace Parley.Media.Tests.Forwarding;

public sealed class KeyframeRequesterTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly KeyframeRequester _requester = new(Interval);

    [Fact]
    public void Asks_for_nothing_that_nobody_wants() => Assert.False(_requester.TryTake(TimeSpan.FromHours(1)));

    [Fact]
    public void The_first_wish_is_asked_at_once()
    {
        _requester.Want();
        Assert.True(_requester.TryTake(TimeSpan.Zero));
    }

    [Fact]
    public void Many_wishes_are_one_request_per_interval()
    {
        var asked = 0;
        for (var i = 0; i <= 1_200; i++)
        {
            _requester.Want();
            if (_requester.TryTake(TimeSpan.FromMilliseconds(i))) asked++;
        }

        Assert.Equal(5, asked);
    }

    /// <summary>A camera that is off would be asked for ever.</summary>
    [Fact]
    public void Asked_in_vain_for_long_it_asks_rarely_until_one_arrives()
    {
        _requester.Want();
        var asked = 0;
        for (var i = 0; i <= 31_500; i++) asked += _requester.TryTake(TimeSpan.FromMilliseconds(i)) ? 1 : 0;
        Assert.Equal(6 + 10, asked);

        _requester.Arrived();
        _requester.Want();
        Assert.True(_requester.TryTake(TimeSpan.FromSeconds(60)));
        Assert.True(_requester.TryTake(TimeSpan.FromSeconds(60) + Interval));
    }

    [Fact]
    public void Asks_again_until_the_keyframe_arrives()
    {
        _requester.Want();
        Assert.True(_requester.TryTake(TimeSpan.Zero));
        Assert.True(_requester.TryTake(Interval));
        _requester.Arrived();
        Assert.False(_requester.TryTake(2 * Interval));
    }
}
