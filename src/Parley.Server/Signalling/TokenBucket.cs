namespace Parley.Server.Signalling;

/// <summary>
/// A rate limit: so many at once, refilled steadily. Like the platform's, but on <see cref="TimeProvider"/>, and it says exactly
/// how long to wait.
/// </summary>
internal sealed class TokenBucket(RateOptions rate, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = rate.Burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Nothing was taken for so long that the bucket is as good as new.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                Refill();
                return _tokens >= rate.Burst;
            }
        }
    }

    /// <param name="wait">When refused, until one more is taken.</param>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            Refill();
            if (_tokens >= 1)
            {
                _tokens--;
                wait = TimeSpan.Zero;
                return true;
            }

            wait = TimeSpan.FromMinutes((1 - _tokens) / rate.PerMinute);
            return false;
        }
    }

    /// <summary>Undoes a take that is not to count.</summary>
    public void GiveBack()
    {
        lock (_lock) _tokens = Math.Min(rate.Burst, _tokens + 1);
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(rate.Burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalMinutes * rate.PerMinute));
        _filledAt = now;
    }
}
