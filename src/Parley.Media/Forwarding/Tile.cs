namespace Parley.Media.Forwarding;

/// <summary>Where a viewer shows a slot.</summary>
/// <param name="Width">In device pixels; 0 when it was not told: then nothing is too large.</param>
/// <param name="Height">As above.</param>
/// <param name="IsPinned">Whether the viewer chose it.</param>
internal readonly record struct Tile(int Width, int Height, bool IsPinned);
