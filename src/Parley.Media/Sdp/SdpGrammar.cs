using System.Globalization;

namespace Parley.Media.Sdp;

/// <summary>The character classes and numbers of RFC 8866 §9 and RFC 8839 §5.</summary>
internal static class SdpGrammar
{
    /// <summary>A token of 1 to <paramref name="maximum"/> characters: visible ASCII without separators.</summary>
    public static bool IsToken(ReadOnlySpan<char> text, int maximum = SdpLimits.NameLength)
    {
        if (text.IsEmpty || text.Length > maximum) return false;
        foreach (var c in text)
        {
            if (c is <= ' ' or > '~' or '"' or '(' or ')' or ',' or '/' or ':' or ';' or '<' or '=' or '>' or '?' or '@' or '['
                or '\\' or ']') return false;
        }

        return true;
    }

    /// <summary>1 to <paramref name="maximum"/> visible ASCII characters, no space.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text, int maximum = SdpLimits.NameLength) =>
        !text.IsEmpty && text.Length <= maximum && !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>ICE characters: letters, digits, `+` and `/` (RFC 8839 §5.4).</summary>
    public static bool IsIce(ReadOnlySpan<char> text, int minimum, int maximum)
    {
        if (text.Length < minimum || text.Length > maximum) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/')) return false;
        }

        return true;
    }

    /// <summary>The characters of a rid (RFC 8851 §10).</summary>
    public static bool IsRid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > SdpLimits.NameLength) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }

    /// <summary>Decimal digits only, no sign, no space, at most <paramref name="maximum"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, ulong maximum, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= maximum;

    /// <summary>Takes the text before the first <paramref name="separator"/> off <paramref name="rest"/>; all of it when there is none.</summary>
    public static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest, char separator)
    {
        var at = rest.IndexOf(separator);
        var head = at < 0 ? rest : rest[..at];
        rest = at < 0 ? [] : rest[(at + 1)..];
        return head;
    }
}
