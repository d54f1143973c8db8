using Parley.Terminal.Join.Drawing;
using Parley.Terminal.Join.Room;

namespace Parley.Terminal.Join.View;

/// <summary>Draws the end of the transcript, the newest at the bottom.</summary>
internal static class TranscriptView
{
    private const int Indent = 6;

    /// <summary>Draws it.</summary>
    /// <returns>How many lines it was really scrolled back: not further than there is.</returns>
    public static int Draw(CellBuffer screen, Rect area, Transcript transcript, int scroll, TimeProvider time)
    {
        if (area.Width <= Indent + 2 || area.Height <= 0) return 0;
        var lines = new List<(TranscriptEntry Entry, string Text, bool IsFirst)>();
        foreach (var entry in transcript.Entries.Reverse())
        {
            var text = entry.IsChat ? Glyphs.Clean(entry.Name) + ": " + entry.Text : entry.Text;
            var wrapped = TextWrap.Lines(text, area.Width - Indent, area.Width - Indent);
            for (var i = wrapped.Count - 1; i >= 0; i--) lines.Add((entry, wrapped[i], i == 0));
            if (lines.Count >= area.Height + scroll) break;
        }

        scroll = Math.Clamp(scroll, 0, Math.Max(lines.Count - area.Height, 0));
        var row = area.Bottom - 1;
        foreach (var (entry, text, isFirst) in lines.Skip(scroll).Take(area.Height))
        {
            Line(screen, area, row--, entry, text, isFirst, time);
        }

        if (scroll > 0) screen.Write(area.X, area.Bottom - 1, $"  ↓ {scroll} more below, PageDown  ", Colors.Warning, Colors.Bar, limit: area.Width);
        return scroll;
    }

    private static void Line(CellBuffer screen, Rect area, int row, TranscriptEntry entry, string text, bool isFirst, TimeProvider time)
    {
        if (isFirst) screen.Write(area.X, row, Clock.Minute(entry.At, time), Colors.Quiet, limit: area.Width);
        var (x, room) = (area.X + Indent, area.Width - Indent);
        if (!entry.IsChat)
        {
            screen.Write(x, row, text, Colors.Quiet, style: CellStyle.Dim, limit: room);
            return;
        }

        var name = isFirst ? Math.Min(Glyphs.Clean(entry.Name).Length + 1, text.Length) : 0;
        var used = screen.Write(x, row, text[..name], Colors.OfName(entry.ParticipantId!), style: CellStyle.Bold, limit: room);
        screen.Write(x + used, row, text[name..], limit: room - used);
    }
}
