namespace Parley.Terminal.Join.Drawing;

/// <summary>Cuts an area into tiles so that pictures of 16:9 come out as large as can be.</summary>
internal static class TileGrid
{
    /// <summary>The most tiles there are.</summary>
    public const int Most = 4;

    /// <summary>Where each tile goes, in reading order.</summary>
    /// <param name="area">At least 1×2 cells.</param>
    /// <param name="count">0–4.</param>
    public static Rect[] Arrange(Rect area, int count)
    {
        if (count == 0 || area.IsEmpty) return [];
        var best = 1;
        for (var columns = 2; columns <= count; columns++)
        {
            if (PictureArea(area, count, columns) > PictureArea(area, count, best)) best = columns;
        }

        var rows = RowsOf(count, best);
        var tiles = new Rect[count];
        for (var i = 0; i < count; i++)
        {
            var (column, row) = (i % best, i / best);
            var (left, right) = (Cut(area.Width, column, best), Cut(area.Width, column + 1, best));
            var (top, bottom) = (Cut(area.Height, row, rows), Cut(area.Height, row + 1, rows));
            tiles[i] = new Rect(area.X + left, area.Y + top, right - left, bottom - top);
        }

        return tiles;
    }

    /// <summary>The tile without its line of name.</summary>
    public static Rect Picture(Rect tile) => tile with { Height = Math.Max(tile.Height - 1, 0) };

    /// <summary>The largest picture of this shape inside, in pixels: one per cell across, two per cell down.</summary>
    /// <param name="picture">From <see cref="Picture"/>.</param>
    /// <param name="width">Of what is to be shown; at least 1.</param>
    /// <param name="height">Likewise.</param>
    /// <returns>At least 1×1, and an even height where there is room.</returns>
    public static (int Width, int Height) Fit(Rect picture, int width, int height)
    {
        var (most, tall) = (picture.Width, picture.Height * 2);
        var fitted = (int)Math.Round((double)most * height / width);
        return fitted <= tall
            ? (Math.Max(most, 1), Math.Max(fitted & ~1, Math.Min(2, Math.Max(tall, 1))))
            : (Math.Clamp((int)Math.Round((double)tall * width / height), 1, Math.Max(most, 1)), Math.Max(tall, 1));
    }

    private static int RowsOf(int count, int columns) => (count + columns - 1) / columns;

    private static int Cut(int length, int part, int parts) => length * part / parts;

    private static int PictureArea(Rect area, int count, int columns)
    {
        var tile = new Rect(0, 0, area.Width / columns, area.Height / RowsOf(count, columns));
        if (tile.Width == 0 || tile.Height < 2) return 0;
        var (width, height) = Fit(Picture(tile), 16, 9);
        return width * height;
    }
}
