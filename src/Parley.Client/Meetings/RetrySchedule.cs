using System.Globalization;

namespace Parley.Client.Meetings;

/// <summary>How long to wait before the next attempt; attempts count from 0.</summary>
internal static class RetrySchedule
{
    private static readonly double[] HubSeconds = [0, 0.3, 1.2, 2.7, 4.8];
    private const double HubSteadySeconds = 7;
    private const double LegLongestSeconds = 15;
    private const int LongestTold = 60;

    /// <summary>
    /// Of a lost hub connection: 0, 0.3, 1.2, 2.7, 4.8 s, then every 7 s give or take a fifth, so that after a long outage the
    /// people of all meetings do not come back in one moment.
    /// </summary>
    public static TimeSpan Hub(int attempt, Func<double> random) =>
        attempt < HubSeconds.Length ? TimeSpan.FromSeconds(HubSeconds[attempt]) : Jittered(HubSteadySeconds, random);

    /// <summary>Of a lost media leg: 0, 1, 2, 4, 8 s, then every 15 s, likewise with jitter.</summary>
    public static TimeSpan Leg(int attempt, Func<double> random) =>
        attempt == 0 ? TimeSpan.Zero : Jittered(Math.Min(1 << Math.Min(attempt - 1, 10), LegLongestSeconds), random);

    /// <summary>
    /// What a rateLimited says about when to try again: its message ends in "Try again in N seconds." Where it does not, a second.
    /// </summary>
    public static TimeSpan Told(string message)
    {
        var words = message.Split(' ');
        for (var i = 1; i + 1 < words.Length; i++)
        {
            if (words[i - 1] == "in" && words[i + 1].StartsWith("second", StringComparison.Ordinal)
                && int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestTold));
        }

        return TimeSpan.FromSeconds(1);
    }

    private static TimeSpan Jittered(double seconds, Func<double> random) => TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * random())));
}
