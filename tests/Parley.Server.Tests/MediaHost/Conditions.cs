namespace Parley.Server.Tests.MediaHost;

/// <summary>Waits for what other threads do: for a condition, with a deadline that only ever fails a test.</summary>
internal sealed class Conditions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();

    /// <summary>Changes what conditions look at.</summary>
    public void Change(Action change)
    {
        lock (_lock)
        {
            change();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until a condition on what <see cref="Change"/> changes holds.</summary>
    public void Wait(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        lock (_lock)
        {
            while (!condition())
            {
                var left = Limit - TimeProvider.System.GetElapsedTime(deadline);
                Assert.True(left > TimeSpan.Zero && Monitor.Wait(_lock, left), $"In vain: {what}");
            }
        }
    }

    /// <summary>Looks at what conditions look at.</summary>
    public T Look<T>(Func<T> look)
    {
        lock (_lock) return look();
    }

    /// <summary>Waits for what nobody signals.</summary>
    public static void Poll(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Limit), $"In vain: {what}");
}
