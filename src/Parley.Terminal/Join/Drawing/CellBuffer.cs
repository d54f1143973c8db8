using System.Text;

namespace Parley.Terminal.Join.Drawing;

/// <summary>
/// The screen as it should be: rows of cells. A wide character is its cell and a continuation to its right, always both: who
/// draws over one half blanks the other, as terminals do.
/// </summary>
internal sealed class CellBuffer
{
    private readonly Cell[] _cells;

    public CellBuffer(int width, int height, ColorDepth depth = ColorDepth.True)
    {
        (Width, Height, Depth) = (width, height, depth);
        _cells = new Cell[width * height];
        Clear();
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>What colours are turned into.</summary>
    public ColorDepth Depth { get; }

    /// <summary>Where the terminal's cursor is shown, or null for none.</summary>
    public (int X, int Y)? Cursor { get; set; }

    public Cell this[int x, int y] => _cells[(y * Width) + x];

    public ReadOnlySpan<Cell> Row(int y) => _cells.AsSpan(y * Width, Width);

    public void Clear()
    {
        Array.Fill(_cells, Cell.Blank);
        Cursor = null;
    }

    public void CopyTo(CellBuffer other)
    {
        _cells.CopyTo(other._cells, 0);
        other.Cursor = Cursor;
    }

    /// <summary>Draws one glyph; what is outside, or wide and only half inside, is not drawn.</summary>
    public void Set(int x, int y, Glyph glyph, Ink foreground, Ink background, CellStyle style = CellStyle.Plain)
    {
        if (x < 0 || y < 0 || y >= Height || x + glyph.Width > Width) return;
        (foreground, background) = (foreground.At(Depth), background.At(Depth));

        // A space shows no ink: two that look alike shall be alike.
        if (glyph.Rune.Value == ' ' && (style & CellStyle.Reverse) == 0) (foreground, style) = (Ink.Default, CellStyle.Plain);
        var rune = Rune.IsControl(glyph.Rune) ? Rune.ReplacementChar : glyph.Rune;
        Take(x, y);
        if (glyph.Width == 2) Take(x + 1, y);
        At(x, y) = new Cell(rune, glyph.Marks, foreground, background, style);
        if (glyph.Width == 2) At(x + 1, y) = new Cell(default, null, foreground, background, style);
    }

    /// <summary>Draws text on one line, cut at <paramref name="limit"/> cells.</summary>
    /// <returns>Cells used.</returns>
    public int Write(int x, int y, string text, Ink foreground = default, Ink background = default, CellStyle style = CellStyle.Plain, int limit = int.MaxValue)
    {
        var used = 0;
        foreach (var glyph in Glyphs.Of(text))
        {
            if (used + glyph.Width > limit) break;
            Set(x + used, y, glyph, foreground, background, style);
            used += glyph.Width;
        }

        return used;
    }

    public void Fill(Rect area, Ink background, CellStyle style = CellStyle.Plain)
    {
        var space = new Glyph(new Rune(' '), null, 1);
        for (var y = area.Y; y < area.Bottom; y++)
        {
            for (var x = area.X; x < area.Right; x++) Set(x, y, space, Ink.Default, background, style);
        }
    }

    private ref Cell At(int x, int y) => ref _cells[(y * Width) + x];

    /// <summary>Frees a cell from the wide character it may be half of.</summary>
    private void Take(int x, int y)
    {
        if (At(x, y).IsContinuation) At(x - 1, y) = Cell.Blank with { Background = At(x - 1, y).Background };
        if (x + 1 < Width && At(x + 1, y).IsContinuation) At(x + 1, y) = Cell.Blank with { Background = At(x + 1, y).Background };
    }
}
