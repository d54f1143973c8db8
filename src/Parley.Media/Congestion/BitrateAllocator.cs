namespace Parley.Media.Congestion;

/// <summary>Shares a bitrate among slots: which rung each gets.</summary>
public sealed class BitrateAllocator
{
    /// <summary>When a rung that was held back may be raised though neither bitrate nor demands change; MaxValue when none is.</summary>
    public TimeSpan NextDeadline => throw new NotImplementedException();

    /// <summary>Writes for each slot which rung it gets. Call when the bitrate, a demand or a ladder has changed, and at <see cref="NextDeadline"/>.</summary>
    public void Allocate(long bitrate, ReadOnlySpan<SlotDemand> slots, Span<SlotAllocation> allocations, TimeSpan now) =>
        throw new NotImplementedException();
}
