using System.Globalization;
using System.Text;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Tests.Join.Drawing;

/// <summary>
/// What a terminal makes of bytes: the sequences that the client writes, and no other. A wide character whose half is
/// overwritten loses the other half, as in xterm.
/// </summary>
internal sealed class VirtualTerminal(int width, int height)
{
    private readonly Cell[] _cells = Enumerable.Repeat(Cell.Blank, width * height).ToArray();
    private int _x;
    private int _y;
    private Ink _foreground;
    private Ink _background;
    private CellStyle _style;

    public bool IsCursorShown { get; private set; } = true;

    public (int X, int Y) Cursor => (_x, _y);

    /// <summary>Frames begun and not ended.</summary>
    public int Synchronizing { get; private set; }

    public Cell this[int x, int y] => _cells[(y * width) + x];

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        var runes = Encoding.UTF8.GetString(bytes).EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            if (runes[i].Value != 0x1B)
            {
                Print(runes[i]);
                continue;
            }

            Assert.Equal('[', runes[++i].Value);
            var parameters = new StringBuilder();
            while (runes[++i].Value is not (>= 0x40 and <= 0x7E)) parameters.Append((char)runes[i].Value);
            Sequence(parameters.ToString(), (char)runes[i].Value);
        }
    }

    public string Line(int y) => string.Concat(Enumerable.Range(0, width).Select(x => this[x, y]).Where(cell => !cell.IsContinuation).Select(cell => cell.Rune + cell.Marks));

    private void Sequence(string parameters, char final)
    {
        switch (final, parameters)
        {
            case ('h', "?2026"): Synchronizing++; break;
            case ('l', "?2026"): Synchronizing--; break;
            case ('h', "?25"): IsCursorShown = true; break;
            case ('l', "?25"): IsCursorShown = false; break;
            case ('J', "2"): Array.Fill(_cells, Cell.Blank); break;
            case ('C', _): _x += parameters.Length == 0 ? 1 : Number(parameters); break;
            case ('H', _):
                var at = parameters.Split(';');
                (_y, _x) = (Number(at[0]) - 1, Number(at[1]) - 1);
                Assert.InRange(_x, 0, width - 1);
                Assert.InRange(_y, 0, height - 1);
                break;
            case ('m', _): Render(parameters.Split(';').Select(Number).ToArray()); break;
            default: Assert.Fail($"the terminal does not know ESC[{parameters}{final}"); break;
        }
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private void Render(int[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            switch (codes[i])
            {
                case 0: (_foreground, _background, _style) = (Ink.Default, Ink.Default, CellStyle.Plain); break;
                case 1: _style |= CellStyle.Bold; break;
                case 2: _style |= CellStyle.Dim; break;
                case 7: _style |= CellStyle.Reverse; break;
                case 39: _foreground = Ink.Default; break;
                case 49: _background = Ink.Default; break;
                case 38: _foreground = Color(codes, ref i); break;
                case 48: _background = Color(codes, ref i); break;
                default: Assert.Fail($"the terminal does not know SGR {codes[i]}"); break;
            }
        }
    }

    private static Ink Color(int[] codes, ref int i)
    {
        if (codes[i + 1] == 5)
        {
            i += 2;
            return Ink.Indexed((byte)codes[i]);
        }

        Assert.Equal(2, codes[i + 1]);
        i += 4;
        return Ink.Rgb((byte)codes[i - 2], (byte)codes[i - 1], (byte)codes[i]);
    }

    private void Print(Rune rune)
    {
        Assert.False(Rune.IsControl(rune), $"U+{rune.Value:X4} reached the terminal");
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            // Only right after what it belongs to, which is one or two cells before the cursor.
            var at = _x - 1 - (this[_x - 1, _y].IsContinuation ? 1 : 0);
            ref var marked = ref _cells[(_y * width) + at];
            marked = marked with { Marks = marked.Marks + rune };
            return;
        }

        var wide = Glyphs.Of(rune.ToString())[0].Width == 2;
        Assert.True(_x + (wide ? 2 : 1) <= width, "text beyond the right border");
        var inkless = rune.Value == ' ' && (_style & CellStyle.Reverse) == 0;
        Take(_x);
        if (wide) Take(_x + 1);
        _cells[(_y * width) + _x] = new Cell(rune, null, inkless ? Ink.Default : _foreground, _background, inkless ? CellStyle.Plain : _style);
        if (wide) _cells[(_y * width) + _x + 1] = new Cell(default, null, _foreground, _background, _style);
        _x += wide ? 2 : 1;
    }

    private void Take(int x)
    {
        if (this[x, _y].IsContinuation) _cells[(_y * width) + x - 1] = Cell.Blank;
        if (x + 1 < width && this[x + 1, _y].IsContinuation) _cells[(_y * width) + x + 1] = Cell.Blank;
    }
}
