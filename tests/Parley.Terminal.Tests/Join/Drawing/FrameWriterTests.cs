using System.Text;
using CsCheck;
using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Tests.Join.Drawing;

public sealed class FrameWriterTests
{
    private const int Width = 12;
    private const int Height = 4;

    private static readonly string[] Texts = ["a", "Ada", "日本", "é", "e\u0301x", "🙂", "▀▀", "   ", "\u001b[31mred", "W\u202Ei"];

    private static readonly Ink[] Inks = [Ink.Default, Ink.Rgb(1, 2, 3), Ink.Rgb(200, 100, 0), Ink.Indexed(99)];

    private static readonly Gen<(int X, int Y, string Text, Ink Ink, Ink Paper, CellStyle Style)> Stroke =
        Gen.Select(Gen.Int[-1, Width], Gen.Int[-1, Height], Pick.From(Texts), Pick.From(Inks), Pick.From(Inks), Gen.Int[0, 7].Select(style => (CellStyle)style));

    [Fact]
    public void What_it_writes_makes_any_screen_into_any_other()
    {
        var frames = Stroke.Array[0, 12].Array[1, 5];
        Gen.Select(frames, Pick.From(ColorDepth.None, ColorDepth.Palette, ColorDepth.True)).Sample((screens, depth) =>
        {
            var (terminal, writer) = (new VirtualTerminal(Width, Height), new FrameWriter());
            CellBuffer? shown = null;
            foreach (var strokes in screens)
            {
                var next = new CellBuffer(Width, Height, depth);
                foreach (var (x, y, text, ink, paper, style) in strokes) next.Write(x, y, text, ink, paper, style);
                next.Cursor = strokes.Length % 2 == 0 ? (strokes.Length % Width, 1) : null;
                terminal.Feed(writer.Write(next, shown).Span);
                shown = next;
                AssertShows(terminal, next);
            }
        }, iter: 2000);
    }

    [Fact]
    public void Writes_nothing_when_nothing_differs()
    {
        var (one, two) = (new CellBuffer(Width, Height), new CellBuffer(Width, Height));
        one.Write(2, 1, "日本 Ada", Ink.Rgb(1, 2, 3));
        two.Write(2, 1, "日本 Ada", Ink.Rgb(1, 2, 3));

        Assert.True(new FrameWriter().Write(two, one).IsEmpty);
    }

    [Fact]
    public void Says_a_colour_once_for_all_cells_that_have_it()
    {
        var (blank, red) = (new CellBuffer(Width, Height), new CellBuffer(Width, Height));
        red.Write(0, 0, "abcdef", Ink.Rgb(255, 0, 0));

        var bytes = Encoding.UTF8.GetString(new FrameWriter().Write(red, blank).Span);

        Assert.Equal("\e[?2026h\e[?25l\e[0m\e[1;1H\e[38;2;255;0;0mabcdef\e[0m\e[?2026l", bytes);
    }

    [Fact]
    public void Moves_over_what_stays()
    {
        var (blank, two) = (new CellBuffer(Width, Height), new CellBuffer(Width, Height));
        two.Write(0, 2, "a");
        two.Write(7, 2, "b");

        Assert.Contains("\e[3;1Ha\e[6Cb", Encoding.UTF8.GetString(new FrameWriter().Write(two, blank).Span), StringComparison.Ordinal);
    }

    private static void AssertShows(VirtualTerminal terminal, CellBuffer screen)
    {
        Assert.Equal(0, terminal.Synchronizing);
        Assert.Equal(screen.Cursor is not null, terminal.IsCursorShown);
        if (screen.Cursor is { } cursor) Assert.Equal(cursor, terminal.Cursor);
        for (var y = 0; y < screen.Height; y++)
        {
            for (var x = 0; x < screen.Width; x++)
            {
                if (screen[x, y].IsContinuation) Assert.True(terminal[x, y].IsContinuation);
                else Assert.Equal(screen[x, y], terminal[x, y]);
            }
        }
    }
}
