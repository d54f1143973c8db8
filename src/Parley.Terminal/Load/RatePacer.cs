using Parley.Client;
using Parley.Client.Meetings;
using Parley.Protocol;

namespace Parley.Terminal.Load;

/// <summary>
/// Calls of one kind that the server counts by address. They go side by side until one is refused as too many; from then on one
/// at a time, and after a refusal as late as the server says. A call that is refused is made again until it is taken.
/// </summary>
internal sealed class RatePacer(TimeProvider time, Action<TimeSpan> onFirstLimit) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private long _from = time.GetTimestamp();
    private TimeSpan _wait;
    private int _refusals;

    /// <summary>How often the server said that it was too many.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <exception cref="ParleyException">The call failed for another reason.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        if (Refusals == 0)
        {
            try
            {
                return await call(cancellation).ConfigureAwait(false);
            }
            catch (ParleyException e) when (e.Code == ErrorCodes.RateLimited)
            {
                OnRefused(e.Message);
            }
        }

        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (true)
            {
                if (TimeToWait() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
                try
                {
                    return await call(cancellation).ConfigureAwait(false);
                }
                catch (ParleyException e) when (e.Code == ErrorCodes.RateLimited)
                {
                    OnRefused(e.Message);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private TimeSpan TimeToWait()
    {
        lock (_lock) return _wait - time.GetElapsedTime(_from);
    }

    private void OnRefused(string message)
    {
        var told = RetrySchedule.Told(message);
        lock (_lock) (_from, _wait) = (time.GetTimestamp(), told);
        if (Interlocked.Increment(ref _refusals) == 1) onFirstLimit(told);
    }
}
