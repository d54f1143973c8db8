using System.Globalization;

namespace Parley.Media.Sdp;

/// <summary>
/// Where the lines of a later offer go: one that was there before to its place, a new one to the first place out of use
/// (RFC 8829 §5.2.2), else to the end.
/// </summary>
internal static class LinePlaces
{
    /// <summary>Each m= line's wish with the mid it gets, and with our own name for it; null where the place is out of use.</summary>
    /// <exception cref="ArgumentException">A line changes its media type, or there are too many.</exception>
    public static (IReadOnlyList<SdpLine?> Offered, IReadOnlyList<SdpLine?> Named) Find(
        IReadOnlyList<SdpLine> lines,
        IReadOnlyList<NegotiatedMedia> settled)
    {
        var named = new List<SdpLine?>(new SdpLine?[settled.Count]);
        var added = new List<SdpLine>();
        foreach (var line in lines)
        {
            if (settled.FirstOrDefault(m => m.Line == line.Mid) is not { } place)
            {
                added.Add(line);
                continue;
            }

            if (!place.Rejected && place.Kind != line.Kind) throw new ArgumentException("A line keeps its media type.");
            named[place.Index] = line;
        }

        var free = 0;
        foreach (var line in added)
        {
            while (free < settled.Count && !(named[free] is null && settled[free].Rejected)) free++;
            if (free < settled.Count) named[free] = line;
            else named.Add(line);
        }

        if (named.Count > SdpLimits.Media) throw new ArgumentException($"There are at most {SdpLimits.Media} lines, those out of use included.");
        return (GiveMids(named, settled), named);
    }

    /// <summary>A line in use keeps its mid. Any other gets our name for it, or a number when the other side has used that for another line.</summary>
    private static SdpLine?[] GiveMids(List<SdpLine?> named, IReadOnlyList<NegotiatedMedia> settled)
    {
        var taken = settled.Where(m => named[m.Index] is null || !m.Rejected).Select(m => m.Mid).ToHashSet(StringComparer.Ordinal);
        var offered = new SdpLine?[named.Count];
        for (var i = 0; i < offered.Length; i++)
        {
            if (named[i] is not { } line) continue;
            if (i < settled.Count && !settled[i].Rejected)
            {
                offered[i] = line with { Mid = settled[i].Mid };
                continue;
            }

            var mid = line.Mid;
            for (var number = named.Count; !taken.Add(mid); number++) mid = number.ToString(CultureInfo.InvariantCulture);
            offered[i] = line with { Mid = mid };
        }

        return offered;
    }
}
