using System.Text;

namespace Parley.Terminal.Join.Drawing;

/// <summary>Draws pictures with "▀": its ink is the upper pixel of a cell and its paper the lower, so a cell is two square pixels.</summary>
internal static class HalfBlocks
{
    public static readonly Rune UpperHalf = new('▀');

    private static readonly Glyph Half = new(UpperHalf, null, 1);

    /// <summary>Draws a picture.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="x">Left cell.</param>
    /// <param name="y">Top cell.</param>
    /// <param name="rgb">3 bytes per pixel, row by row, of <paramref name="width"/> × <paramref name="height"/>.</param>
    /// <param name="width">Pixels, each one cell wide.</param>
    /// <param name="height">Pixels, two to a cell; when odd, the last cell's lower half is black.</param>
    public static void Draw(CellBuffer screen, int x, int y, ReadOnlySpan<byte> rgb, int width, int height)
    {
        for (var row = 0; row < height; row += 2)
        {
            for (var column = 0; column < width; column++)
            {
                var upper = Pixel(rgb, (row * width) + column);
                var lower = row + 1 < height ? Pixel(rgb, ((row + 1) * width) + column) : Ink.Rgb(0, 0, 0);
                screen.Set(x + column, y + (row / 2), Half, upper, lower);
            }
        }
    }

    private static Ink Pixel(ReadOnlySpan<byte> rgb, int at) => Ink.Rgb(rgb[3 * at], rgb[(3 * at) + 1], rgb[(3 * at) + 2]);
}
