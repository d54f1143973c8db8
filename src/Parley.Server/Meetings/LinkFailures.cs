namespace Parley.Server.Meetings;

/// <summary>Remembers that two could not be connected directly, and when to try again: after 1, 5, 25, then every 60 minutes.</summary>
internal sealed class LinkFailures
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);
    private const int Factor = 5;

    private TimeSpan _wait;

    /// <summary>Not before this; the past when nothing failed.</summary>
    public DateTimeOffset RetryAt { get; private set; } = DateTimeOffset.MinValue;

    public void Add(DateTimeOffset now)
    {
        _wait = _wait == TimeSpan.Zero ? First : _wait * Factor < Longest ? _wait * Factor : Longest;
        RetryAt = now + _wait;
    }

    /// <summary>Other people, other pages, or the creator's wish: what failed says nothing of them.</summary>
    public void Forget()
    {
        _wait = TimeSpan.Zero;
        RetryAt = DateTimeOffset.MinValue;
    }
}
