namespace Parley.Media.Session;

/// <summary>
/// Gives up quality when a thread has too much to do, before it would lose packets of everybody: each step takes the largest encoding from
/// all viewers, one after the other, and gives them back slowly.
/// </summary>
internal sealed class LoadShedding
{
    /// <summary>Above this share of its time a thread sheds.</summary>
    public const double TooMuch = 0.9;

    /// <summary>Below this share it takes on more again: a step costs less than what lies between.</summary>
    private const double Calm = 0.6;

    /// <summary>The most steps: only the smallest encodings are left.</summary>
    private const int Most = 2;

    /// <summary>How long a step is given to show what it helps.</summary>
    private static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(2);

    /// <summary>How long it must be calm.</summary>
    private static readonly TimeSpan UpAfter = TimeSpan.FromSeconds(10);

    private TimeSpan? _busySince;
    private TimeSpan? _calmSince;

    /// <summary>How many of the largest encodings are given up, 0 for none.</summary>
    public int Level { get; private set; }

    /// <summary>Takes how busy the thread was; true when the level has changed.</summary>
    public bool OnBusy(double fraction, TimeSpan now)
    {
        _busySince = fraction > TooMuch ? _busySince ?? now : null;
        _calmSince = fraction <= Calm ? _calmSince ?? now : null;
        if (now - _busySince >= DownAfter && Level < Most)
        {
            Level++;
            _busySince = now;
            return true;
        }

        if (now - _calmSince < UpAfter || _calmSince is null || Level == 0) return false;
        Level--;
        _calmSince = now;
        return true;
    }
}
