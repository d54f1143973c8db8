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
        for (var i = 0; i <= 3_000; i++)
        {
            _requester.Want();
            if (_requester.TryTake(TimeSpan.FromMilliseconds(i))) asked++;
        }

        Assert.Equal(11, asked);
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
