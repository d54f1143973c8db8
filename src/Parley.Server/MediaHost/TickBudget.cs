namespace Parley.Server.MediaHost;

/// <summary>
/// Whether a mixer thread is short of time: its rounds, on the average of half a second, took more than four fifths of the time between two ticks.
/// That is over when they took less than two fifths for ten seconds.
/// </summary>
/// <param name="interval">Between two ticks.</param>
internal sealed class TickBudget(TimeSpan interval)
{
    private const double Short = 0.8, Calm = 0.4, Weight = 1 / 25.0;
    private const int CalmRounds = 500;

    /// <summary>One round that was held up counts as no more than this, or a single pause of the process would be a shortage.</summary>
    private const double MostOfOne = 2;

    private int _calm;

    /// <summary>How much of the time is taken, 0 … 2.</summary>
    public double Load { get; private set; }

    /// <summary>Whether encodes are to be cheap now.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Takes how long a round took; true when a shortage begins.</summary>
    public bool OnRound(TimeSpan took)
    {
        Load += (Math.Min(took / interval, MostOfOne) - Load) * Weight;
        _calm = Load < Calm ? _calm + 1 : 0;
        if (IsShort)
        {
            IsShort = _calm < CalmRounds;
            return false;
        }

        return IsShort = Load > Short;
    }
}
