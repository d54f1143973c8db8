namespace Parley.Client.Video;

/// <summary>The bounds of a picture, upright ones included.</summary>
internal static class VideoSize
{
    private const int MaxSide = 4096;
    private const int MaxPixels = 4096 * 2304;

    public static bool IsAllowed(int width, int height) =>
        width is > 0 and <= MaxSide && height is > 0 and <= MaxSide && width * height <= MaxPixels;

    public static void Require(int width, int height)
    {
        if (!IsAllowed(width, height))
            throw new ParleyException(ParleyError.Invalid, $"A picture of {width} × {height} is none to send: up to 4096 × 2304 are.");
    }
}
