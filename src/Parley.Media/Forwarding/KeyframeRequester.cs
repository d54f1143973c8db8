namespace Parley.Media.Forwarding;

/// <summary>
/// Says when a picture loss indication may go to a source: at once when the last is long enough ago, then again as long
/// as the keyframe is still wanted. One keyframe serves all who wait, so requests in between are dropped.
/// </summary>
internal sealed class KeyframeRequester(TimeSpan interval)
{
    /// <summary>Asked so often in vain, a source is rather not sending than losing what it was asked: from then on it is asked rarely.</summary>
    private const int Patience = 6;

    /// <summary>How much more rarely.</summary>
    private const int Rarely = 10;

    private TimeSpan _next = TimeSpan.MinValue;
    private int _asked;
    private bool _wanted;

    /// <summary>When to ask; MaxValue when nothing is wanted.</summary>
    public TimeSpan NextDeadline => _wanted ? _next : TimeSpan.MaxValue;

    /// <summary>Someone needs a keyframe. True when nobody did before.</summary>
    public bool Want()
    {
        if (_wanted) return false;
        return _wanted = true;
    }

    /// <summary>The first packet of a keyframe arrived: whoever waits has it now.</summary>
    public void Arrived() => (_wanted, _asked) = (false, 0);

    /// <summary>Whether to ask now; asking counts as done.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (!_wanted || now < _next) return false;
        _next = now + (++_asked < Patience ? interval : interval * Rarely);
        return true;
    }
}
