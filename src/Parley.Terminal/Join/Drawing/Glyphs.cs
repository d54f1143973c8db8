using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace Parley.Terminal.Join.Drawing;

/// <summary>
/// The one gate between people's text and the terminal. Whatever comes in, out come only characters that take one or two cells
/// and change nothing else: no control or escape, no bidirectional override, nothing of no width but a few accents.
/// Emoji joined by U+200D are drawn side by side, since terminals do not agree how wide the joined one is.
/// </summary>
internal static class Glyphs
{
    /// <summary>More over one letter is not writing but an attack on the lines above and below.</summary>
    private const int MarksKept = 3;

    private const int RegionalIndicatorA = 0x1F1E6;
    private const int RegionalIndicatorZ = 0x1F1FF;

    private static readonly Rune Replacement = Rune.ReplacementChar;
    private static readonly Rune Space = new(' ');

    /// <summary>What <see cref="Segment.CellCount()"/> said, by rune of the BMP and beyond; 0 is "not asked yet".</summary>
    private static readonly byte[] Widths = new byte[0x20000];

    /// <summary>The text as it can be drawn. A line end becomes a space: split before, where lines matter.</summary>
    public static List<Glyph> Of(string text)
    {
        var glyphs = new List<Glyph>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                glyphs.Add(new Glyph(Rune.IsControl(rune) ? Space : rune, null, 1));
                continue;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                    AddMark(glyphs, rune);
                    break;
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    glyphs.Add(new Glyph(Space, null, 1));
                    break;
                case UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate:
                    glyphs.Add(new Glyph(Replacement, null, 1));
                    break;
                default:
                    AddVisible(glyphs, rune);
                    break;
            }
        }

        return glyphs;
    }

    /// <summary>The text with everything taken out that is not drawn, on one line.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var glyph in Of(text)) clean.Append(glyph.Rune.ToString()).Append(glyph.Marks);
        return clean.ToString();
    }

    /// <summary>Cells the text takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var glyph in Of(text)) width += glyph.Width;
        return width;
    }

    /// <summary>The text in at most <paramref name="cells"/> cells, with an ellipsis when something is missing.</summary>
    public static string Fit(string text, int cells)
    {
        if (cells <= 0) return "";
        var glyphs = Of(text);
        var fit = new StringBuilder();
        var (used, whole) = (0, glyphs.Sum(glyph => glyph.Width) <= cells);
        foreach (var glyph in glyphs)
        {
            if (used + glyph.Width > (whole ? cells : cells - 1)) break;
            fit.Append(glyph.Rune.ToString()).Append(glyph.Marks);
            used += glyph.Width;
        }

        return whole ? fit.ToString() : fit.Append('…').ToString();
    }

    private static void AddMark(List<Glyph> glyphs, Rune mark)
    {
        // U+FE0F and the other variation selectors choose a drawing whose width terminals disagree on.
        if (glyphs.Count == 0 || mark.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF) return;
        var marked = glyphs[^1];
        if (marked.Rune == Space || (marked.Marks?.EnumerateRunes().Count() ?? 0) >= MarksKept) return;
        glyphs[^1] = marked with { Marks = marked.Marks + mark.ToString() };
    }

    private static void AddVisible(List<Glyph> glyphs, Rune rune)
    {
        // Flags are two letters: drawn as the two letters. Skin tones (U+1F3FB…F) colour the emoji before them, or nothing.
        if (rune.Value is >= RegionalIndicatorA and <= RegionalIndicatorZ) rune = new Rune('A' + rune.Value - RegionalIndicatorA);
        else if (rune.Value is >= 0x1F3FB and <= 0x1F3FF) return;

        switch (WidthOf(rune))
        {
            case 1: glyphs.Add(new Glyph(rune, null, 1)); break;
            case 2: glyphs.Add(new Glyph(rune, null, 2)); break;
            default: break;
        }
    }

    private static int WidthOf(Rune rune)
    {
        if (rune.IsAscii) return 1;
        if (rune.Value >= Widths.Length) return Measure(rune);
        ref var known = ref Widths[rune.Value];
        if (known == 0) known = (byte)(1 + Measure(rune));
        return known - 1;
    }

    private static int Measure(Rune rune) => Math.Clamp(new Segment(rune.ToString()).CellCount(), 0, 2);
}
