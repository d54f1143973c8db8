namespace Parley.Media.Congestion;

/// <summary>What one slot gets.</summary>
/// <param name="Rung">A rung of its ladder, or −1: paused.</param>
public readonly record struct SlotAllocation(int Rung);
