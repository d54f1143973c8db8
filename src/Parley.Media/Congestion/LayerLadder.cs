using System.Runtime.CompilerServices;

namespace Parley.Media.Congestion;

/// <summary>
/// The rungs a source can be sent at and what each costs, cheapest first. What a rung is (which spatial, which temporal layer)
/// only the caller knows, and so it decides by its order what is given up first: for a camera rates simply ascend; for a
/// screen the rungs that are less sharp come before all that are as sharp but slower.
/// </summary>
public struct LayerLadder
{
    /// <summary>Three spatial layers of three temporal layers each.</summary>
    public const int MaxRungs = 9;

    private Rungs _bitrates;

    /// <summary>A ladder of these rungs; see <see cref="Add"/>.</summary>
    public LayerLadder(params ReadOnlySpan<long> bitrates)
    {
        foreach (var bitrate in bitrates)
        {
            Add(bitrate);
        }
    }

    /// <summary>How many rungs there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the rung costs in bit/s, 0 being the cheapest.</summary>
    public readonly long this[int rung]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rung, (uint)Count, nameof(rung));
            return _bitrates[rung];
        }
    }

    /// <summary>Puts a rung on top. One that is measured cheaper than the one below it counts as just as dear.</summary>
    public void Add(long bitrate)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(Count, MaxRungs);
        ArgumentOutOfRangeException.ThrowIfNegative(bitrate);
        _bitrates[Count] = Count == 0 ? bitrate : Math.Max(bitrate, _bitrates[Count - 1]);
        Count++;
    }

    [InlineArray(MaxRungs)]
    private struct Rungs
    {
        private long _first;
    }
}
