namespace Parley.Media.Rtp;

/// <summary>
/// Makes a count out of cumulative losses (RFC 3550 §6.4.1), which go back when late packets or duplicates come, and which a peer reports as it
/// likes: only what is more than ever before counts.
/// </summary>
internal struct LossCount
{
    private long _most;

    /// <summary>So many were lost in all. How many more that is than at any time before.</summary>
    public long Take(long lost)
    {
        var more = Math.Max(0, lost - _most);
        _most += more;
        return more;
    }
}
