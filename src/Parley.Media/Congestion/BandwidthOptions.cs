namespace Parley.Media.Congestion;

/// <summary>The bounds of an estimate, in bit/s.</summary>
/// <param name="Min">The estimate is never lower: a path that bears less is no path for a meeting.</param>
/// <param name="Start">Where it begins, before anything was measured.</param>
/// <param name="Max">The estimate is never higher.</param>
public sealed record BandwidthOptions(long Min = 30_000, long Start = 2_500_000, long Max = 30_000_000);
