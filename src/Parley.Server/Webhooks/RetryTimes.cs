namespace Parley.Server.Webhooks;

/// <summary>When a delivery that failed is tried again: soon, then four times later each time up to four hours, for a day.</summary>
internal static class RetryTimes
{
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5), s_longest = TimeSpan.FromHours(4);

    /// <param name="attempts">Those that failed, 1 or more.</param>
    /// <param name="chance">0 to 1: spreads those that failed at once, by a fifth either way.</param>
    public static TimeSpan After(int attempts, double chance)
    {
        var seconds = Math.Min(s_first.TotalSeconds * Math.Pow(4, Math.Min(attempts - 1, 10)), s_longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * chance)));
    }
}
