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
    /// <param name="policy">Says whether video may have retransmissions as streams of their own.</param>
    public Dictionary<string, MediaSource> Choose(
        IEnumerable<(string? Mid, SdpLine? Sending)> lines,
        IEnumerable<uint> foreign,
        SdpPolicy policy)
    {
        var taken = foreign.Concat(_sources.Values.SelectMany(s => new[] { s.Ssrc, s.RtxSsrc ?? 0 })).ToHashSet();
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
            chosen[mid] = new MediaSource(NewSsrc(taken), _cname, sending.Msid ?? new MediaStreamId($"parley-{mid}", $"track-{mid}"))
            {
                RtxSsrc = policy.Codecs.Any(codec => codec.Kind == sending.Kind && codec.Rtx) ? NewSsrc(taken) : null,
            };
        }

        return chosen;
    }

    public void Keep(Dictionary<string, MediaSource> chosen) => _sources = chosen;

    private uint NewSsrc(HashSet<uint> taken)
    {
        uint ssrc;
        do
        {
            ssrc = _random.NextUInt32();
        }
        while (ssrc == 0 || !taken.Add(ssrc));
        return ssrc;
    }

    /// <summary>RFC 7022 §4.2: 96 random bits say nothing about the host.</summary>
    private static string CreateCname(RandomSource random)
    {
        Span<byte> cname = stackalloc byte[12];
        random.Fill(cname);
        return Convert.ToHexStringLower(cname);
    }
}
