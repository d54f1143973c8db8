using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Parley.Server.Files;
using Parley.Server.Meetings;
using Parley.Terminal;
using Parley.Terminal.Join.Drawing;
using static Parley.Fuzz.Promise;

namespace Parley.Fuzz;

public static partial class FuzzTargets
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Each protocol registers its targets without touching a shared file.")]
    internal static void RegisterText() => All["text"] = TextTarget.Run;
}

internal static class TextTarget
{
    private const int Limit = 80;

    private static readonly SearchValues<char> Unfit = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>What people type: names, messages, emoji, names of files, ids. What is clean stays as it is, and holds nothing that acts.</summary>
    internal static void Run(ReadOnlySpan<byte> input)
    {
        Read(Encoding.UTF8.GetString(input));
        // Half surrogates, which JSON can hold and UTF-8 cannot.
        Read(new string(MemoryMarshal.Cast<byte, char>(input)));
    }

    private static void Read(string text)
    {
        if (Text.Line(text, Limit) is { } line)
        {
            Check(Text.Line(line, Limit) == line);
            CheckInert(line, lines: false);
        }

        if (Text.Lines(text, Limit) is { } lines)
        {
            Check(Text.Lines(lines, Limit) == lines);
            CheckInert(lines, lines: true);
        }

        if (FileName.Clean(text) is { } name)
        {
            Check(name.Length <= FileName.Longest && name.AsSpan().IndexOfAny(Unfit) < 0);
            Check(name[0] is not ('.' or ' ') && name[^1] is not ('.' or ' '));
            CheckInert(name, lines: false);
        }

        if (Emoji.IsOne(text))
        {
            Check(text.Length <= 32 && StringInfo.GetNextTextElementLength(text) == text.Length);
            CheckInert(text, lines: false);
        }

        if (MeetingId.Normalize(text) is { } id) Check(MeetingId.Normalize(id) == id);
        CheckInert(SafeText.Line(text), lines: false);
        CheckInert(SafeText.Lines(text), lines: true);
        CheckInert(Glyphs.Clean(text), lines: false);
    }

    /// <summary>No escape sequence, no line end where there is one line, no half of a letter.</summary>
    private static void CheckInert(string text, bool lines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            Check(!char.IsControl(text[i]) || (lines && text[i] == '\n'));
            if (char.IsHighSurrogate(text[i])) Check(i + 1 < text.Length && char.IsLowSurrogate(text[++i]));
            else Check(!char.IsLowSurrogate(text[i]));
        }
    }
}
