using System.Globalization;
using System.Text;

namespace Parley.Server.Meetings;

/// <summary>What may stand under a message, or float over a meeting (protocol.md §8).</summary>
internal static class Emoji
{
    private const int Longest = 32;
    private const int EnclosingKeycap = 0x20E3;

    /// <summary>The signs that one gives to all.</summary>
    public static IReadOnlyList<string> Signs { get; } = ["👍", "👏", "❤️", "😂", "😮", "🎉"];

    /// <summary>Whether this is one emoji: a single grapheme cluster (UAX #29) of nothing but what emoji are made of (UTS #51).</summary>
    public static bool IsOne(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || StringInfo.GetNextTextElementLength(text) != text.Length) return false;
        var runes = text.EnumerateRunes();
        runes.MoveNext();
        var first = runes.Current;
        if (first.IsAscii) return IsKeycap(text);
        if (!IsPictograph(first.Value)) return false;
        // A lone half of a flag is a letter in a box.
        if (IsRegional(first.Value)) return text.EnumerateRunes().Count() == 2;
        while (runes.MoveNext())
        {
            if (!IsPart(runes.Current)) return false;
        }

        return true;
    }

    /// <summary>A digit, # or *, perhaps the variation selector, and the cap (UTS #51 ED-14c).</summary>
    private static bool IsKeycap(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '#' or '*') && text[^1] == EnclosingKeycap && (text.Length == 2 || (text.Length == 3 && text[1] == '\uFE0F'));

    private static bool IsRegional(int value) => value is >= 0x1F1E6 and <= 0x1F1FF;

    /// <summary>The blocks in which emoji are; of those in the first plane also what is drawn as text unless told otherwise.</summary>
    private static bool IsPictograph(int value) => value
        is (>= 0x1F000 and <= 0x1FAFF)
        or (>= 0x2600 and <= 0x27BF)
        or (>= 0x2300 and <= 0x23FF)
        or (>= 0x25AA and <= 0x25FE)
        or (>= 0x2B05 and <= 0x2B55)
        or (>= 0x2194 and <= 0x21AA)
        or 0x00A9 or 0x00AE or 0x203C or 0x2049 or 0x2122 or 0x2139 or 0x24C2 or 0x2934 or 0x2935 or 0x3030 or 0x303D or 0x3297 or 0x3299;

    /// <summary>What follows: joiner, variation selector, skin tone, tags of a flag, and further pictographs.</summary>
    private static bool IsPart(Rune rune) => rune.Value is 0x200D or 0xFE0F or (>= 0xE0020 and <= 0xE007F) || IsPictograph(rune.Value);
}
