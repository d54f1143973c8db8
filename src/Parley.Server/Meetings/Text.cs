using System.Buffers;
using System.Globalization;
using System.Text;

namespace Parley.Server.Meetings;

/// <summary>
/// Makes what people typed fit to store and show (protocol.md §2): always text, never markup, and never able to reorder or hide
/// the text around it.
/// </summary>
public static class Text
{
    /// <summary>Raw input this many times the limit is refused before any work is spent on it.</summary>
    private const int RawFactor = 4;

    /// <summary>LRE, RLE, PDF, LRO, RLO, and the isolates LRI, RLI, FSI, PDI (UAX #9 §2).</summary>
    private static readonly SearchValues<char> Bidi = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>Letters and symbols that are drawn as nothing: Hangul fillers and the empty braille cell.</summary>
    private static readonly SearchValues<char> Blank = SearchValues.Create("\u115F\u1160\u2800\u3164\uFFA0");

    /// <summary>A name or a title.</summary>
    /// <param name="raw">As it was typed.</param>
    /// <param name="limit">UTF-16 units it may have once clean.</param>
    /// <returns>The clean text on one line, or null when it is not valid.</returns>
    public static string? Line(string? raw, int limit) => Clean(raw, limit, lines: false);

    /// <summary>A chat message: like <see cref="Line"/>, but keeps line feeds and runs of spaces.</summary>
    public static string? Lines(string? raw, int limit) => Clean(raw, limit, lines: true);

    private static string? Clean(string? raw, int limit, bool lines)
    {
        if (raw is null || raw.Length > (long)limit * RawFactor) return null;
        var replaced = Replace(raw, lines);
        var clean = (lines ? replaced : Fold(replaced)).Trim();
        return clean.Length <= limit && IsVisible(clean) ? clean : null;
    }

    private static string Replace(string raw, bool lines)
    {
        var clean = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (Bidi.Contains(c)) continue;
            if (char.IsHighSurrogate(c) && i + 1 < raw.Length && char.IsLowSurrogate(raw[i + 1])) clean.Append(c).Append(raw[++i]);
            else if (char.IsSurrogate(c)) clean.Append('\uFFFD');
            else if (lines && IsLineEnd(c)) clean.Append('\n');
            else if (char.IsControl(c)) clean.Append(' ');
            else clean.Append(c);

            // CR LF is one line end.
            if (c == '\r' && i + 1 < raw.Length && raw[i + 1] == '\n') i++;
        }

        return clean.ToString();
    }

    /// <summary>LF, CR, NEL, and the line and paragraph separators: what is drawn as a line end is stored as one.</summary>
    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) folded.Append(c);
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString();
    }

    /// <summary>Whether anything in it can be seen: not only space, marks without a letter, and characters of no width.</summary>
    private static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var visible = category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark);
            if (visible && !(rune.IsBmp && Blank.Contains((char)rune.Value))) return true;
        }

        return false;
    }
}
