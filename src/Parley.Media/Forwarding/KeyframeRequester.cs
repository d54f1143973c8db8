namespace Parley.Media.Forwarding;

/// <summary>
/// Says when a picture loss indication may go to a source: at once when the last is long enough ago, then again as long
/// as the keyframe is still wanted. One keyframe serves all who wait, so requests in between are dropped.
/// </summary>
internal sealed class KeyframeRequester(TimeSpan interval)
{
    private TimeSpan _next = TimeSpan.MinValue;
    private bool _wanted;

    /// <summary>Someone needs a keyframe.</summary>
    public void Want() => _wanted = true;

    /// <summary>The first packet of a keyframe arrived: whoever waits has it now.</summary>
    public void Arrived() => _wanted = false;

    /// <summary>Whether to ask now; asking counts as done.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (!_wanted || now < _next) return false;
        _next = now + interval;
        return true;
    }
}
