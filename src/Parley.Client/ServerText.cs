using System.Globalization;

namespace Parley.Client;

/// <summary>Words that came from elsewhere, made fit to stand in a message of ours: no controls, no bidirectional tricks, not endless.</summary>
internal static class ServerText
{
    private const int Longest = 500;
    private const int LongestQuote = 80;

    /// <summary>A server's sentence, or <paramref name="otherwise"/> when it said none.</summary>
    public static string Sentence(string? text, string otherwise)
    {
        var clean = Clean(text, Longest).Trim();
        return clean.Length > 0 ? clean : otherwise;
    }

    public static string Quote(string? text) => Clean(text, LongestQuote);

    private static string Clean(string? text, int limit)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var cut = text.Length > limit;
        var kept = cut ? text.AsSpan(0, limit) : text;
        return string.Create(kept.Length + (cut ? 1 : 0), kept, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = IsPlain(from[i]) ? from[i] : ' ';
            if (to.Length > from.Length) to[^1] = '…';
        });
    }

    /// <summary>Not a control, a format character (as the bidirectional ones), half a pair or of private use.</summary>
    public static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
}
