namespace Parley.Media.Srtp;

/// <summary>
/// The replay windows of one direction by SSRC, a bounded number. None is ever thrown out for a newer one: what its source
/// sent before could then be replayed.
/// </summary>
internal sealed class ReplayWindows
{
    private readonly Dictionary<uint, ReplayWindow> _bySsrc = [];
    private readonly int _max;

    /// <param name="max">How many SSRCs, at least 1.</param>
    public ReplayWindows(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        _max = max;
    }

    public int Count => _bySsrc.Count;

    public bool IsFull => _bySsrc.Count >= _max;

    public ReplayWindow? Find(uint ssrc) => _bySsrc.GetValueOrDefault(ssrc);

    public ReplayWindow Add(uint ssrc)
    {
        var window = new ReplayWindow();
        _bySsrc.Add(ssrc, window);
        return window;
    }
}
