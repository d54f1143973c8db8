using System.Buffers;
using System.Globalization;
using System.Text;

namespace Parley.Terminal;

/// <summary>
/// Makes text of other people fit for a terminal: a title may hold escape sequences, or marks that reorder or hide what stands
/// around it. Servers clean what they take (docs/protocol.md §2), but a client believes no server.
/// </summary>
internal static class SafeText
{
    /// <summary>Zero width joiner and non-joiner: emoji and some scripts are written with them.</summary>
    private static readonly SearchValues<char> Joiners = SearchValues.Create("\u200C\u200D");

    /// <summary>One line: each control character and line end becomes a space, each invisible mark nothing.</summary>
    public static string Line(string? text) => Clean(text, lines: false);

    /// <summary>The same, but keeps line feeds.</summary>
    public static string Lines(string? text) => Clean(text, lines: true);

    private static string Clean(string? text, bool lines)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(text.Length);
        // A lone surrogate is enumerated as U+FFFD.
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control when lines && rune.Value == '\n':
                    clean.Append('\n');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Format when !(rune.IsBmp && Joiners.Contains((char)rune.Value)):
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }
        }

        return clean.ToString();
    }
}
