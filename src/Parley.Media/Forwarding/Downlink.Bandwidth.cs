using System.Runtime.CompilerServices;
using Parley.Media.Congestion;

namespace Parley.Media.Forwarding;

/// <summary>What the viewer's path bears, shared among their slots: which encoding each gets.</summary>
internal sealed partial class Downlink
{
    /// <summary>What slots get is looked at again after this time: encodings come, go, and cost more or less.</summary>
    private static readonly TimeSpan AllocationInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A tile below this height is one of many small ones.</summary>
    private const int ThumbnailHeight = 200;

    private readonly BitrateAllocator _allocator = new();
    private TimeSpan _allocateAt = TimeSpan.MaxValue;

    /// <summary>What all slots would take if the path bore it, in bit/s.</summary>
    public long Wanted { get; private set; }

    /// <summary>What they have been given of it.</summary>
    public long Allocated { get; private set; }

    private void Allocate(TimeSpan now)
    {
        Span<SlotDemand> demands = stackalloc SlotDemand[_slots.Count];
        Span<SlotAllocation> allocations = stackalloc SlotAllocation[_slots.Count];
        Span<Offer> offers = stackalloc Offer[_slots.Count];
        var (count, wanted) = (0, 0L);
        for (var i = 0; i < _slots.Count; i++)
        {
            if (_slots[i].Wished is not { } source || !TryDemand(i, source, out demands[count], out offers[count], now)) continue;
            wanted += demands[count].Ladder[demands[count].BestRung];
            count++;
        }

        demands = demands[..count];
        allocations = allocations[..count];
        if (_estimator is { } estimator) estimator.Wanted = wanted;
        if ((_estimator?.Target ?? _believed) is { } bitrate)
        {
            _allocator.Allocate(bitrate, demands, allocations, now);
        }
        else
        {
            for (var i = 0; i < count; i++) allocations[i] = new SlotAllocation(demands[i].BestRung);
        }

        (Wanted, Allocated) = (wanted, 0);
        for (var i = 0; i < count; i++)
        {
            Apply(in offers[i], allocations[i].Rung, demands[i].BestRung, now);
            if (allocations[i].Rung >= 0) Allocated += demands[i].Ladder[allocations[i].Rung];
        }

        _allocateAt = HasWishes() ? now + AllocationInterval : TimeSpan.MaxValue;
    }

    /// <summary>What a slot would like; false when there is nothing of its source yet.</summary>
    private bool TryDemand(int index, VideoSource source, out SlotDemand demand, out Offer offer, TimeSpan now)
    {
        var slot = _slots[index];
        var ladder = new LayerLadder();
        offer = new Offer(index, slot.BestFor(source));
        slot.SetEncodingsWanted(offer.Best + 1);
        var top = Math.Max(0, offer.Best - _owner.Shedding);
        var highest = -1;
        for (var number = top; number >= 0 && highest < 0; number--)
        {
            if (IsOffered(slot, source, number)) highest = number;
        }

        // The one that fits is not there: better a larger one than none.
        for (var number = top + 1; number < VideoSource.MaxEncodings && highest < 0; number++)
        {
            if (IsOffered(slot, source, number)) highest = number;
        }

        for (var number = 0; number <= highest; number++)
        {
            if (IsOffered(slot, source, number)) AddRungs(source.Encodings[number]!, isTop: number == highest, ref ladder, ref offer, now);
        }

        var tile = slot.Tile;
        demand = new SlotDemand((index << 16) | (slot.Wishes & 0xFFFF), ImportanceOf(source, tile), tile.Width * tile.Height, ladder, ladder.Count - 1);
        return ladder.Count > 0;
    }

    private static bool IsOffered(Slot slot, VideoSource source, int number) =>
        source.Encodings[number] is { } encoding && slot.CanShow(encoding) && source.IsActive(encoding);

    private static void AddRungs(VideoEncoding encoding, bool isTop, ref LayerLadder ladder, ref Offer offer, TimeSpan now)
    {
        var highest = encoding.HighestTemporal;

        // Of a camera a large picture that jerks is worse than a smaller one. Of a screen sharpness goes before motion: all of the sharpest
        // encoding's rungs come before any of another.
        var lowest = encoding.Source.IsScreen ? (isTop || ladder.Count == 0 ? 0 : highest) : ladder.Count == 0 ? 0 : Math.Min(1, highest);
        var smaller = ladder.Count == 0 ? 0 : ladder[ladder.Count - 1];
        for (var temporal = lowest; temporal <= highest && ladder.Count < LayerLadder.MaxRungs; temporal++)
        {
            var rate = encoding.ExpectedRate(temporal, smaller, now);
            offer.Rungs[ladder.Count] = (byte)((encoding.Number << 4) | temporal);
            ladder.Add(rate);
        }
    }

    private SlotImportance ImportanceOf(VideoSource source, Tile tile) =>
        source.IsScreen ? SlotImportance.Screen
        : tile.IsPinned ? SlotImportance.Pinned
        : _owner.IsSpeaking(source) ? SlotImportance.Speaker
        : tile.Height is > 0 and < ThumbnailHeight ? SlotImportance.Thumbnail
        : SlotImportance.Normal;

    private void Apply(in Offer offer, int rung, int bestRung, TimeSpan now)
    {
        var slot = _slots[offer.Index];
        if (rung < 0)
        {
            slot.Aim(null, 0, 0, now);
            Tell(slot, SlotLevel.Paused, SlotLimit.Bandwidth);
            return;
        }

        var chosen = offer.Rungs[rung];
        slot.Aim(slot.Wished!.Encodings[chosen >> 4], (byte)(chosen & 0xF), Target ?? long.MaxValue, now);
        if (rung < bestRung) Tell(slot, SlotLevel.Reduced, SlotLimit.Bandwidth);
        else if (_owner.Shedding > 0 && offer.Best > 0) Tell(slot, SlotLevel.Reduced, SlotLimit.Overload);
        else Tell(slot, SlotLevel.Full, SlotLimit.None);
    }

    private void Tell(Slot slot, SlotLevel level, SlotLimit limit)
    {
        if (slot.Told == (level, limit)) return;
        if (level == SlotLevel.Paused && slot.Told.Level != level) _owner.OnOccurred(Occurrence.Paused);
        slot.Told = (level, limit);
        _owner.OnSlotQuality(slot, level, limit);
    }

    private bool HasWishes()
    {
        foreach (var slot in _slots)
        {
            if (slot.Wished is not null) return true;
        }

        return false;
    }

    /// <summary>What a slot can be given.</summary>
    /// <param name="index">Which slot.</param>
    /// <param name="best">The smallest encoding that fills its tile.</param>
    private struct Offer(int index, int best)
    {
        /// <summary>For each rung of the ladder the encoding in the upper four bits, the temporal layer in the lower.</summary>
        public RungBytes Rungs;

        public readonly int Index => index;

        public readonly int Best => best;
    }

    [InlineArray(LayerLadder.MaxRungs)]
    private struct RungBytes
    {
        private byte _first;
    }
}
