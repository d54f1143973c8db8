using System.Text;

namespace Parley.Terminal.Join.Drawing;

/// <summary>One character as a terminal draws it: a rune of one or two cells, with the marks over it.</summary>
/// <param name="Rune">Never a control, format or bidirectional character.</param>
/// <param name="Marks">Up to three combining marks, or null.</param>
/// <param name="Width">Cells: 1 or 2.</param>
internal readonly record struct Glyph(Rune Rune, string? Marks, int Width);
