using System.Buffers;
using Parley.Server.Meetings;

namespace Parley.Server.Files;

/// <summary>Makes the name that somebody gave a file fit to show and to save (protocol.md §8). On our own disk it is called otherwise.</summary>
internal static class FileName
{
    public const int Longest = 120;

    /// <summary>Longer names than any file system has are refused, not cut.</summary>
    private const int LongestRaw = 1000;

    private const int LongestExtension = 12;

    /// <summary>Separators of paths, and what Windows does not take.</summary>
    private static readonly SearchValues<char> Unfit = SearchValues.Create("/\\:*?\"<>|");

    /// <returns>Null when nothing of it can be seen.</returns>
    public static string? Clean(string? raw)
    {
        if (Text.Line(raw, LongestRaw) is not { } line) return null;
        var fit = string.Create(line.Length, line, static (name, from) =>
        {
            for (var i = 0; i < from.Length; i++) name[i] = Unfit.Contains(from[i]) ? '_' : from[i];
        });
        // A dot in front hides a file, dots and spaces at the end are lost on Windows.
        return Text.Line(Shorten(fit.TrimStart('.', ' ').TrimEnd('.', ' ')).TrimEnd('.', ' '), Longest);
    }

    /// <summary>What a file is called by its end stays.</summary>
    private static string Shorten(string name)
    {
        if (name.Length <= Longest) return name;
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= LongestExtension ? name[dot..] : "";
        var length = Longest - extension.Length;
        if (char.IsHighSurrogate(name[length - 1])) length--;
        return name[..length] + extension;
    }
}
