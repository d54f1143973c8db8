namespace Parley.Media.Congestion;

/// <summary>
/// Shares a bitrate among slots: which rung each gets. First the lowest rung for as many as can have it, the important first;
/// then the important are raised before the others, and equals in turn. Down at once, up with headroom, when the bitrate has
/// been enough for a while, and later and later when raises keep failing. One instance for each viewer.
/// </summary>
public sealed class BitrateAllocator
{
    /// <summary>A raise must leave room for what is measured wrong.</summary>
    private const double Headroom = 1.15;

    /// <summary>After a drop a bitrate that only wobbles by a tenth must not suffice: 1.1 / 0.9 = 1.22.</summary>
    private const double HeadroomAfterDrop = 1.25;

    /// <summary>What a raise failed at says nothing of a bitrate so much higher.</summary>
    private const double Recovered = 1.5;

    private static readonly TimeSpan MinHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(60);

    /// <summary>A drop sooner than this after a raise is a raise that failed.</summary>
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly LowestBitrate _lowest = new();
    private Slot[] _slots = [];
    private Slot[] _previous = [];
    private int[] _order = [];
    private int _previousCount;
    private long _bitrate;
    private long _floor;
    private long _total;

    /// <summary>When a slot may be raised though nothing else changes; MaxValue when each has its best.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>
    /// Writes for each slot which rung it gets. Call when the bitrate, a demand or a ladder has changed, and at
    /// <see cref="NextDeadline"/>. Keys are unique.
    /// </summary>
    public void Allocate(long bitrate, ReadOnlySpan<SlotDemand> slots, Span<SlotAllocation> allocations, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(allocations.Length, slots.Length, nameof(allocations));
        _bitrate = bitrate;
        _floor = _lowest.Add(bitrate, now);
        _total = 0;
        Prepare(slots, now);
        var order = _order.AsSpan(0, slots.Length);
        foreach (var index in order)
        {
            TryRaise(slots[index], ref _slots[index], now);
        }

        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && slots[order[end]].Importance == slots[order[start]].Importance)
            {
                end++;
            }

            // What a slot has comes before what another would gain.
            RaiseInTurn(slots, order[start..end], onlyKept: true, now);
            RaiseInTurn(slots, order[start..end], onlyKept: false, now);
            start = end;
        }

        NextDeadline = TimeSpan.MaxValue;
        for (var i = 0; i < slots.Length; i++)
        {
            Settle(ref _slots[i], now);
            allocations[i] = new SlotAllocation(_slots[i].Rung);
            NextDeadline = _slots[i].Rung < _slots[i].Best ? now + CheckInterval : NextDeadline;
        }

        (_slots, _previous) = (_previous, _slots);
        _previousCount = slots.Length;
    }

    /// <summary>Finds what each slot had, and in which order they are served.</summary>
    private void Prepare(ReadOnlySpan<SlotDemand> slots, TimeSpan now)
    {
        if (_slots.Length < slots.Length)
        {
            _slots = new Slot[Math.Max(slots.Length, _previous.Length)];
            _order = new int[_slots.Length];
        }

        long needed = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            ref readonly var demand = ref slots[i];
            ref var slot = ref _slots[i];
            slot = Previous(demand.Key, i);
            slot.Best = Math.Min(demand.BestRung, demand.Ladder.Count - 1);
            if (slot.Importance != demand.Importance || slot.Pixels != demand.Pixels)
            {
                // Another tile: what failed for the one before says nothing of it.
                (slot.Importance, slot.Pixels, slot.HeldUntil) = (demand.Importance, demand.Pixels, now);
            }

            slot.Had = Math.Min(slot.Rung, slot.Best);
            slot.Rung = -1;
            needed += slot.Had < 0 ? 0 : demand.Ladder[slot.Had];
            Insert(slots, i);
        }

        for (var i = 0; i < slots.Length; i++)
        {
            _slots[i].IsSqueezed = needed > _bitrate;
        }
    }

    private Slot Previous(int key, int hint)
    {
        if (hint < _previousCount && _previous[hint].Key == key)
        {
            return _previous[hint];
        }

        foreach (ref readonly var slot in _previous.AsSpan(0, _previousCount))
        {
            if (slot.Key == key)
            {
                return slot;
            }
        }

        return new Slot { Key = key, Rung = -1, IsNew = true };
    }

    private void Insert(ReadOnlySpan<SlotDemand> slots, int index)
    {
        var position = index;
        while (position > 0 && ComesBefore(slots[index], slots[_order[position - 1]]))
        {
            _order[position] = _order[position - 1];
            position--;
        }

        _order[position] = index;
    }

    private static bool ComesBefore(in SlotDemand a, in SlotDemand b) =>
        a.Importance != b.Importance ? a.Importance > b.Importance
        : a.Pixels != b.Pixels ? a.Pixels > b.Pixels : a.Key < b.Key;

    private void RaiseInTurn(ReadOnlySpan<SlotDemand> slots, ReadOnlySpan<int> order, bool onlyKept, TimeSpan now)
    {
        var wasRaised = true;
        while (wasRaised)
        {
            wasRaised = false;
            foreach (var index in order)
            {
                ref var slot = ref _slots[index];
                if (slot.Rung >= 0 && (!onlyKept || slot.Rung < slot.Had))
                {
                    wasRaised |= TryRaise(slots[index], ref slot, now);
                }
            }
        }
    }

    private bool TryRaise(in SlotDemand demand, ref Slot slot, TimeSpan now)
    {
        var rung = slot.Rung + 1;
        if (rung > slot.Best)
        {
            return false;
        }

        var total = _total + demand.Ladder[rung] - (slot.Rung < 0 ? 0 : demand.Ladder[slot.Rung]);
        var isKept = rung <= slot.Had || (slot.IsNew && rung == 0);
        if (isKept ? total > _bitrate : !MayRise(slot, total, now))
        {
            return false;
        }

        _total = total;
        slot.Rung = rung;
        return true;
    }

    private bool MayRise(in Slot slot, long total, TimeSpan now)
    {
        var isHeld = now < slot.HeldUntil && _floor < Recovered * slot.FailedAt;
        return !isHeld && total * (slot.Failures > 0 ? HeadroomAfterDrop : Headroom) <= _floor;
    }

    /// <summary>Remembers for the next time what was raised and what could not be kept.</summary>
    private void Settle(ref Slot slot, TimeSpan now)
    {
        if (slot.Rung > slot.Had)
        {
            (slot.RaisedAt, slot.RaisedWith) = (now, _bitrate);
        }
        else if (slot.Rung < slot.Had && slot.IsSqueezed)
        {
            if (now >= slot.HeldUntil)
            {
                slot.Failures = now - slot.RaisedAt < Proven ? slot.Failures + 1 : 1;
            }

            var hold = MinHold * Math.Pow(2, Math.Min(slot.Failures, 6) - 1);
            slot.HeldUntil = now + (hold < MaxHold ? hold : MaxHold);
            slot.FailedAt = slot.RaisedWith;
        }
        else if (slot.Failures > 0 && now - slot.RaisedAt >= Proven && now - slot.HeldUntil >= Proven)
        {
            slot.Failures = 0;
        }

        slot.IsNew = false;
    }

    private struct Slot
    {
        internal int Key;
        internal SlotImportance Importance;
        internal int Pixels;
        internal int Best;
        internal int Had;
        internal int Rung;
        internal bool IsNew;
        internal bool IsSqueezed;
        internal int Failures;
        internal TimeSpan HeldUntil;
        internal TimeSpan RaisedAt;
        internal long RaisedWith;
        internal long FailedAt;
    }
}
