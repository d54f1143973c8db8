using System.Text;

namespace Parley.Client.Video;

/// <summary>Makes names of files of what others call themselves.</summary>
internal static class SafeFileName
{
    private const int MaxNameLength = 40;
    private const int IdLength = 8;

    /// <summary>
    /// Letters and digits of any script, hyphens and underscores stay; the rest becomes an underscore. So there is no path, no dot,
    /// nothing invisible, and the end keeps it from being one of the names that Windows reserves.
    /// </summary>
    public static string Make(string? name, string id, string kind)
    {
        var text = new StringBuilder();
        Append(text, name ?? "", MaxNameLength);
        if (text.Length > 0) text.Append('-');
        Append(text, id, IdLength);
        return text.Append('-').Append(kind).ToString();
    }

    private static void Append(StringBuilder text, string part, int maxLength)
    {
        var end = text.Length + maxLength;
        foreach (var rune in part.Trim().EnumerateRunes())
        {
            var isKept = Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_';
            if (text.Length + (isKept ? rune.Utf16SequenceLength : 1) > end) return;
            text.Append(isKept ? rune.ToString() : "_");
        }
    }
}
