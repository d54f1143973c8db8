using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Parley.Server.Meetings;

/// <summary>
/// Normalization form C (UAX #15). The runtime's own needs the ICU library of the machine and does nothing without it; ours is
/// the same everywhere.
/// </summary>
internal static class CanonicalComposition
{
    /// <summary>A text of characters below this one is in form C as it is.</summary>
    private const char FirstOfInterest = '\u0300';

    // Hangul syllables are composed by arithmetic (Unicode §3.12).
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    private const int SCount = LCount * VCount * TCount;

    private static readonly FrozenDictionary<int, (int First, int Second)> Decompositions;
    private static readonly FrozenDictionary<(int First, int Second), int> Compositions;
    private static readonly FrozenDictionary<int, byte> Classes;

    static CanonicalComposition()
    {
        var decompositions = new Dictionary<int, (int, int)>();
        var compositions = new Dictionary<(int, int), int>();
        var classes = new Dictionary<int, byte>();
        using var data = new StreamReader(typeof(CanonicalComposition).Assembly.GetManifestResourceStream("canonical.txt")!);
        while (data.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split('=', '>', ' ', '-', ':');
            var first = Hex(parts[0]);
            if (line.Contains(':'))
            {
                for (var c = first; c <= Hex(parts[1]); c++) classes[c] = byte.Parse(parts[2], CultureInfo.InvariantCulture);
                continue;
            }

            var pair = (Hex(parts[1]), parts.Length > 2 ? Hex(parts[2]) : 0);
            decompositions[first] = pair;
            if (line.Contains('=')) compositions[pair] = first;
        }

        Decompositions = decompositions.ToFrozenDictionary();
        Compositions = compositions.ToFrozenDictionary();
        Classes = classes.ToFrozenDictionary();
    }

    /// <param name="text">Well-formed UTF-16.</param>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstOfInterest, char.MaxValue)) return text;
        var runes = new List<(int Rune, byte Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, runes);
        Order(runes);
        return Recompose(runes);
    }

    private static void Decompose(int rune, List<(int, byte)> into)
    {
        if (rune is >= SBase and < SBase + SCount)
        {
            var s = rune - SBase;
            into.Add((LBase + (s / (VCount * TCount)), 0));
            into.Add((VBase + (s % (VCount * TCount) / TCount), 0));
            if (s % TCount != 0) into.Add((TBase + (s % TCount), 0));
        }
        else if (Decompositions.TryGetValue(rune, out var pair))
        {
            Decompose(pair.First, into);
            if (pair.Second != 0) Decompose(pair.Second, into);
        }
        else
        {
            into.Add((rune, Classes.GetValueOrDefault(rune)));
        }
    }

    /// <summary>The canonical ordering: each run of marks by class, equal classes as they came.</summary>
    private static void Order(List<(int Rune, byte Class)> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            if (runes[start].Class == 0) continue;
            var end = start + 1;
            while (end < runes.Count && runes[end].Class != 0) end++;
            // OrderBy is stable, and a run of thousands of marks costs n log n.
            if (end - start > 1)
            {
                var ordered = runes.GetRange(start, end - start).OrderBy(mark => mark.Class).ToList();
                for (var i = 0; i < ordered.Count; i++) runes[start + i] = ordered[i];
            }

            start = end;
        }
    }

    private static string Recompose(List<(int Rune, byte Class)> runes)
    {
        var starter = -1;
        var kept = 0;
        var blocking = -1;
        for (var i = 0; i < runes.Count; i++)
        {
            var (rune, cls) = runes[i];
            // A mark reaches its starter unless one of its own class or higher, or another starter, stands between (D115).
            if (starter >= 0 && blocking < cls && Pair(runes[starter].Rune, rune) is var composed and > 0)
            {
                runes[starter] = (composed, 0);
                continue;
            }

            if (cls == 0)
            {
                starter = kept;
                blocking = -1;
            }
            else
            {
                blocking = cls;
            }

            runes[kept++] = (rune, cls);
        }

        var text = new StringBuilder(kept);
        for (var i = 0; i < kept; i++) text.Append(new Rune(runes[i].Rune).ToString());
        return text.ToString();
    }

    private static int Pair(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            return SBase + ((((first - LBase) * VCount) + (second - VBase)) * TCount);
        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
            return first + (second - TBase);
        return Compositions.GetValueOrDefault((first, second));
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
