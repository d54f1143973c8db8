namespace Parley.Media.Turn;

/// <summary>A rate of bytes: so many per second, and a second's worth at once.</summary>
internal struct ByteBudget(int perSecond, TimeSpan now)
{
    private double _left = perSecond;
    private TimeSpan _at = now;

    /// <summary>Takes the bytes; false when they are too many for now.</summary>
    public bool TryTake(int bytes, TimeSpan now)
    {
        if (now > _at)
        {
            _left = Math.Min(perSecond, _left + ((now - _at).TotalSeconds * perSecond));
            _at = now;
        }

        if (bytes > _left)
        {
            return false;
        }

        _left -= bytes;
        return true;
    }
}
