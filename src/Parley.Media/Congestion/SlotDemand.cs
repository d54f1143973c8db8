namespace Parley.Media.Congestion;

/// <summary>What one slot would like to show.</summary>
/// <param name="Key">The same slot with the same source keeps its key: hysteresis belongs to it.</param>
/// <param name="Importance">Who is served first.</param>
/// <param name="Pixels">The tile's size, which decides among the equally important.</param>
/// <param name="Ladder">What the source can be sent at.</param>
/// <param name="BestRung">The highest rung that is of use for the tile; −1 when nothing is wanted.</param>
public readonly record struct SlotDemand(int Key, SlotImportance Importance, int Pixels, LayerLadder Ladder, int BestRung);
