namespace Parley.Scenarios.World;

/// <summary>One encoding of a camera or screen: how large, at what rate, in how many temporal layers.</summary>
/// <param name="Rid">What it is called (RFC 8852); null for the only one.</param>
/// <param name="Width">Of its pictures.</param>
/// <param name="Height">As above.</param>
/// <param name="BitsPerSecond">Without keyframes.</param>
/// <param name="Temporals">Temporal layers: 1, or 3 in the pattern 0 2 1 2.</param>
internal sealed record EncodingShape(string? Rid, int Width, int Height, int BitsPerSecond, int Temporals)
{
    /// <summary>A camera without simulcast.</summary>
    public static IReadOnlyList<EncodingShape> Plain { get; } = [new(null, 320, 180, 77_000, 1)];

    /// <summary>What a browser makes of 720p.</summary>
    public static IReadOnlyList<EncodingShape> Camera { get; } =
        [new("q", 320, 180, 150_000, 3), new("h", 640, 360, 500_000, 3), new("f", 1_280, 720, 1_700_000, 3)];

    /// <summary>What a browser makes of a screen.</summary>
    public static IReadOnlyList<EncodingShape> Screen { get; } = [new("h", 960, 540, 400_000, 3), new("f", 1_920, 1_080, 1_600_000, 3)];
}
