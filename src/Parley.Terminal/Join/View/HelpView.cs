using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join.View;

/// <summary>Draws what all keys do, over everything else.</summary>
internal static class HelpView
{
    private static readonly string[] Lines =
    [
        "Letters are chat; Enter sends",
        "Alt-M /mic   microphone",
        "Alt-V /cam   camera",
        "Ctrl-C /leave  leave",
        "PgUp PgDn    older chat",
        "Tab or Esc   letters are keys:",
        "  M V C P L as in the footer",
        "Any key closes this",
    ];

    public static void Draw(CellBuffer screen)
    {
        var width = Math.Min(Lines.Max(line => line.Length) + 4, screen.Width);
        var height = Math.Min(Lines.Length + 2, screen.Height);
        var box = new Rect((screen.Width - width) / 2, (screen.Height - height) / 2, width, height);
        screen.Fill(box, Colors.Bar, screen.Depth == ColorDepth.None ? CellStyle.Reverse : CellStyle.Plain);
        var style = screen.Depth == ColorDepth.None ? CellStyle.Reverse : CellStyle.Plain;
        for (var i = 0; i < height - 2; i++) screen.Write(box.X + 2, box.Y + 1 + i, Lines[i], Colors.OnBar, Colors.Bar, style, width - 4);
        screen.Cursor = null;
    }
}
