using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Input;

namespace Parley.Terminal.Join.View;

/// <summary>Draws the line typed into, and below it what the keys do.</summary>
internal static class InputView
{
    private static readonly (string Key, string Does)[] ChatKeys =
    [
        ("Enter", "send"), ("Tab", "keys"), ("Alt-M", "mic"), ("Alt-V", "camera"), ("Ctrl-C", "leave"), ("/help", ""),
    ];

    private static readonly (string Key, string Does)[] CommandKeys =
    [
        ("M", "mic"), ("V", "camera"), ("C", "chat"), ("P", "people"), ("L", "leave"), ("?", "help"),
    ];

    public static void Line(CellBuffer screen, Rect line, ViewState view)
    {
        const string Prompt = "> ";
        if (view.Mode == InputMode.Keys)
        {
            screen.Write(line.X, line.Y, "Keys are commands now; C or Enter goes back to the chat", Colors.Quiet, style: CellStyle.Dim, limit: line.Width);
            return;
        }

        var x = line.X + screen.Write(line.X, line.Y, Prompt, Colors.Good, style: CellStyle.Bold);
        var room = line.Right - x;
        var (shown, caret) = Window(view.Editor, room);
        if (view.Editor.Text.Length == 0) screen.Write(x, line.Y, "Type to chat", Colors.Quiet, style: CellStyle.Dim, limit: room);
        screen.Write(x, line.Y, shown, limit: room);
        screen.Cursor = (Math.Min(x + caret, line.Right - 1), line.Y);
    }

    public static void Keys(CellBuffer screen, Rect line, InputMode mode)
    {
        screen.Fill(line, Colors.Bar);
        var x = line.X;
        foreach (var (key, does) in mode == InputMode.Chat ? ChatKeys : CommandKeys)
        {
            if (x + key.Length + does.Length + 4 > line.Right) break;
            x += screen.Write(x, line.Y, $" {key} ", Colors.OnBar, Colors.Bar, CellStyle.Bold | CellStyle.Reverse);
            x += screen.Write(x, line.Y, does.Length > 0 ? $" {does} " : " ", Colors.OnBar, Colors.Bar);
        }
    }

    /// <summary>The part of the text to show so that the caret is in it, and where the caret then is.</summary>
    private static (string Shown, int Caret) Window(LineEditor editor, int room)
    {
        var before = Glyphs.Of(editor.Text[..editor.Caret]);
        var (start, width) = (before.Count, 0);
        while (start > 0 && width + before[start - 1].Width <= room - 1) width += before[--start].Width;
        var shown = string.Concat(before.Skip(start).Select(glyph => glyph.Rune.ToString() + glyph.Marks));
        return (shown + editor.Text[editor.Caret..], width);
    }
}
