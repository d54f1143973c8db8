namespace Parley.Media.Session;

/// <summary>How the way down to one participant is now, and what goes over it.</summary>
/// <param name="RoundTrip">As their last report tells it; null before.</param>
/// <param name="Estimate">What the path bears, in bit/s; null when they tell nothing of it.</param>
/// <param name="Wanted">What the pictures they want would take, in bit/s.</param>
/// <param name="Allocated">What the pictures they get take of it.</param>
/// <param name="Pictures">Slots that shall show somebody who sends.</param>
/// <param name="Reduced">Of them, those that get less than their tile could use.</param>
/// <param name="Paused">Of them, those that get nothing.</param>
/// <param name="WaitMean">How long video waited to be sent no faster than the path bears: the mean of the last whole 10 s.</param>
/// <param name="WaitMax">The longest of it.</param>
public readonly record struct PathStatistics(
    TimeSpan? RoundTrip, long? Estimate, long Wanted, long Allocated, int Pictures, int Reduced, int Paused, TimeSpan WaitMean, TimeSpan WaitMax);
