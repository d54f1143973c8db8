using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Parley.Terminal.Join.Drawing;

/// <summary>
/// Writes the difference of two screens as few bytes: the cursor is moved only over what stays, colours are said only when they
/// change. Where the cursor stands after a wide or marked character is not relied on: terminals measure some differently.
/// </summary>
internal sealed class FrameWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly ArrayBufferWriter<byte> _sgr = new(64);
    private (int X, int Y)? _at;
    private Ink _foreground;
    private Ink _background;
    private CellStyle _style;

    /// <summary>Synchronized output (DEC private mode 2026): terminals that know it show the frame at once, others skip it.</summary>
    private static ReadOnlySpan<byte> BeginFrame => "\e[?2026h"u8;

    private static ReadOnlySpan<byte> EndFrame => "\e[?2026l"u8;

    /// <summary>One frame.</summary>
    /// <param name="next">The screen as it should be.</param>
    /// <param name="shown">As it is, of the same size; null when unknown: all is drawn anew.</param>
    /// <returns>Bytes for the terminal, valid until the next call; none when nothing differs.</returns>
    public ReadOnlyMemory<byte> Write(CellBuffer next, CellBuffer? shown)
    {
        _bytes.ResetWrittenCount();
        (_at, _foreground, _background, _style) = (null, Ink.Default, Ink.Default, CellStyle.Plain);
        _bytes.Write(BeginFrame);
        _bytes.Write("\e[?25l\e[0m"u8);
        if (shown is null) _bytes.Write("\e[2J"u8);
        var empty = _bytes.WrittenCount;
        for (var y = 0; y < next.Height; y++) WriteRow(next, shown, y);
        if (_bytes.WrittenCount == empty && shown is not null && next.Cursor == shown.Cursor) return default;

        _bytes.Write("\e[0m"u8);
        if (next.Cursor is var (x, line))
        {
            Move(x, line);
            _bytes.Write("\e[?25h"u8);
        }

        _bytes.Write(EndFrame);
        return _bytes.WrittenMemory;
    }

    private void WriteRow(CellBuffer next, CellBuffer? shown, int y)
    {
        var row = next.Row(y);
        var old = shown is null ? default : shown.Row(y);
        for (var x = 0; x < row.Length; x++)
        {
            ref readonly var cell = ref row[x];
            if (cell.IsContinuation || cell == (shown is null ? Cell.Blank : old[x])) continue;
            Move(x, y);
            Colour(cell);
            Put(cell.Rune);
            foreach (var mark in (cell.Marks ?? "").EnumerateRunes()) Put(mark);
            var simple = cell.Marks is null && (cell.Rune.IsAscii || cell.Rune.Value == HalfBlocks.UpperHalf.Value);
            _at = simple && x + 1 < row.Length ? (x + 1, y) : null;
        }
    }

    private void Move(int x, int y)
    {
        if (_at is var (atX, atY) && atY == y && atX <= x)
        {
            if (atX == x) return;
            _bytes.Write("\e["u8);
            if (x - atX > 1) Number(x - atX, _bytes);
            _bytes.Write("C"u8);
            return;
        }

        _bytes.Write("\e["u8);
        Number(y + 1, _bytes);
        _bytes.Write(";"u8);
        Number(x + 1, _bytes);
        _bytes.Write("H"u8);
    }

    private void Colour(in Cell cell)
    {
        _sgr.ResetWrittenCount();
        if (cell.Style != _style)
        {
            // Only "all off" takes a single style off everywhere alike (22 ends both bold and dim).
            Parameter("0"u8);
            (_foreground, _background) = (Ink.Default, Ink.Default);
            if ((cell.Style & CellStyle.Bold) != 0) Parameter("1"u8);
            if ((cell.Style & CellStyle.Dim) != 0) Parameter("2"u8);
            if ((cell.Style & CellStyle.Reverse) != 0) Parameter("7"u8);
            _style = cell.Style;
        }

        // A plain space shows no ink.
        var inkless = cell.Rune.Value == ' ' && (cell.Style & CellStyle.Reverse) == 0;
        if (!inkless && cell.Foreground != _foreground) Colour(_foreground = cell.Foreground, "39"u8, "38;2;"u8, "38;5;"u8);
        if (cell.Background != _background) Colour(_background = cell.Background, "49"u8, "48;2;"u8, "48;5;"u8);
        if (_sgr.WrittenCount == 0) return;
        _bytes.Write("\e["u8);
        _bytes.Write(_sgr.WrittenSpan);
        _bytes.Write("m"u8);
    }

    private void Colour(Ink ink, ReadOnlySpan<byte> none, ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> indexed)
    {
        if (ink.IsDefault)
        {
            Parameter(none);
        }
        else if (ink.IsRgb)
        {
            Parameter(rgb);
            Number(ink.Red, _sgr);
            _sgr.Write(";"u8);
            Number(ink.Green, _sgr);
            _sgr.Write(";"u8);
            Number(ink.Blue, _sgr);
        }
        else
        {
            Parameter(indexed);
            Number(ink.Index, _sgr);
        }
    }

    private void Parameter(ReadOnlySpan<byte> value)
    {
        if (_sgr.WrittenCount > 0) _sgr.Write(";"u8);
        _sgr.Write(value);
    }

    private void Put(Rune rune) => _bytes.Advance(rune.EncodeToUtf8(_bytes.GetSpan(4)));

    private static void Number(int value, ArrayBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(11), out var written);
        to.Advance(written);
    }
}
