using System.Diagnostics;

namespace Parley.Browser.Harness;

/// <summary>Waits for a condition, never for time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads again and again until <paramref name="holds"/>; the last reading is in the failure.</summary>
    public static async Task<T> Holds<T>(string what, Func<Task<T>> read, Func<T, bool> holds, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var reading = await read();
            if (holds(reading)) return reading;
            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience)) Assert.Fail($"Never came true: {what}. Last seen: {reading}");
            await Task.Delay(Every, TestContext.Current.CancellationToken);
        }
    }

    public static Task Holds(string what, Func<Task<bool>> holds, TimeSpan? patience = null) => Holds(what, holds, value => value, patience);
}
