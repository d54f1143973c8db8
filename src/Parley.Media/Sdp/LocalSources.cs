namespace Parley.Media.Sdp;

/// <summary>The streams we send in one connection, by mid: a line keeps its stream over later descriptions and pauses (RFC 3550 §8.1).</summary>
internal sealed class LocalSources
{
    private readonly RandomSource _random;
    private readonly string _cname;
    private Dictionary<string, MediaSource> _sources = new(StringComparer.Ordinal);

    public LocalSources(RandomSource random, string? cname)
    {
        _random = random;
        _cname = cname ?? CreateCname(random);
    }

    /// <summary>
    /// The streams of a description with these mids: the ones there are, and new ones where a line asks for one.
    /// <see cref="Keep"/> makes them ours.
    /// </summary>
    /// <param name="lines">The lines' mids, and the wish for a stream on it or null.</param>
    /// <param name="foreign">SSRCs of the other side, which ours must not be.</param>
    public Dictionary<string, MediaSource> Choose(IEnumerable<(string? Mid, SdpLine? Sending)> lines, IEnumerable<uint> foreign)
    {
        var taken = foreign.Concat(_sources.Values.Select(s => s.Ssrc)).ToHashSet();
        var chosen = new Dictionary<string, MediaSource>(StringComparer.Ordinal);
        foreach (var (mid, sending) in lines)
        {
            if (mid is null) continue;
            if (_sources.TryGetValue(mid, out var before))
            {
                chosen[mid] = before;
                continue;
            }

            if (sending is null) continue;
            uint ssrc;
            do
            {
                ssrc = _random.NextUInt32();
            }
            while (ssrc == 0 || !taken.Add(ssrc));
            chosen[mid] = new MediaSource(ssrc, _cname, sending.Msid ?? new MediaStreamId($"parley-{mid}", $"track-{mid}"));
        }

        return chosen;
    }

    public void Keep(Dictionary<string, MediaSource> chosen) => _sources = chosen;

    /// <summary>RFC 7022 §4.2: 96 random bits say nothing about the host.</summary>
    private static string CreateCname(RandomSource random)
    {
        Span<byte> cname = stackalloc byte[12];
        random.Fill(cname);
        return Convert.ToHexStringLower(cname);
    }
}
