using System.Text;

namespace Parley.Terminal.Join.Drawing;

/// <summary>How a cell is drawn besides its colours.</summary>
[Flags]
internal enum CellStyle : byte
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Reverse = 4,
}

/// <summary>One place on the screen.</summary>
/// <param name="Rune">What is drawn; U+0000 in the right half of a wide character.</param>
/// <param name="Marks">Combining marks over it, or null.</param>
/// <param name="Foreground">Its ink.</param>
/// <param name="Background">Its paper.</param>
/// <param name="Style">Bold, dim, reverse.</param>
internal readonly record struct Cell(Rune Rune, string? Marks, Ink Foreground, Ink Background, CellStyle Style)
{
    public static readonly Cell Blank = new(new Rune(' '), null, Ink.Default, Ink.Default, CellStyle.Plain);

    /// <summary>Whether it is the right half of the wide character before it.</summary>
    public bool IsContinuation => Rune.Value == 0;
}
