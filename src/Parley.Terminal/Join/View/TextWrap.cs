using Parley.Terminal.Join.Drawing;

namespace Parley.Terminal.Join.View;

/// <summary>Breaks text into lines by the cells it takes: at spaces where there are some, within a word where it is too long.</summary>
internal static class TextWrap
{
    /// <summary>The lines.</summary>
    /// <param name="text">Its line feeds begin new lines.</param>
    /// <param name="first">Cells of the first line; at least 1.</param>
    /// <param name="rest">Cells of each other; at least 2.</param>
    public static List<string> Lines(string text, int first, int rest)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var glyphs = Glyphs.Of(paragraph);
            var start = 0;
            do
            {
                var end = End(glyphs, start, lines.Count == 0 ? first : rest);
                lines.Add(string.Concat(glyphs[start..end].Select(glyph => glyph.Rune.ToString() + glyph.Marks)).TrimEnd(' '));
                start = end;
                while (start < glyphs.Count && IsSpace(glyphs[start])) start++;
            }
            while (start < glyphs.Count);
        }

        return lines;
    }

    private static int End(List<Glyph> glyphs, int start, int cells)
    {
        var (end, used, space) = (start, 0, -1);
        while (end < glyphs.Count && used + glyphs[end].Width <= cells)
        {
            if (IsSpace(glyphs[end])) space = end;
            used += glyphs[end].Width;
            end++;
        }

        if (end == glyphs.Count || IsSpace(glyphs[end])) return end;
        // Nothing fits in one cell that takes two: let it be cut there rather than loop.
        return space > start ? space : Math.Max(end, start + 1);
    }

    private static bool IsSpace(Glyph glyph) => glyph.Rune.Value == ' ';
}
